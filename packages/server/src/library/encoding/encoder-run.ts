/**
 * Runs ffmpeg once to make a file, in the background of everything else, in a process group that dies with this process. It is killed when it makes
 * no progress, and when the file becomes too large.
 */
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Clock } from "../../platform/clock.ts";
import { type ProcessGroup, startBackgroundGroup, stderrTail } from "../../platform/jobs/process-group.ts";
import { ProgramUsage } from "../../platform/jobs/program-usage.ts";

/** Why there is no file. storage-away: what it reads cannot be read any more. */
export type EncoderProblem = "disk-full" | "storage-away" | "failed";

export type EncoderRunOptions = {
  /** ffmpeg, looked for in PATH. */
  readonly command: string;
  /** It writes its progress to its standard output. */
  readonly args: readonly string[];
  /** Its working directory. */
  readonly folder: string;
  /** What it makes there. */
  readonly file: string;
  /** How long the file will be. */
  readonly seconds: number;
  /** A file that becomes larger is given up as one for which there is no room. */
  readonly maxBytes: number;
  /** What it reads: the first one on its standard input, further ones on the file descriptors from `FIRST_OUTPUT` on. */
  readonly sources: readonly AsyncIterable<Buffer>[];
  readonly clock: Clock;
  /** Its priority behind that of this process, 0 to 19. Default: 19, where everything else comes before. */
  readonly niceness?: number;
  /** Each second. @param share 0 to 1 */
  readonly onProgress: (share: number, bytes: number, cores: number | null) => void;
  /** What ffmpeg said, where it failed. */
  readonly onFailure: (reason: string) => void;
};

export type EncoderStop = { stopped: boolean; kill: () => void };

/** Everything else on the machine comes before, ladders too: the lowest priority. */
const NICE = 19;
const REPORT_MS = 1000;
/** Busy machines let ffmpeg wait. */
const STALLED_AFTER_MS = 120_000;
const NO_ROOM = /No space left on device|Disk quota exceeded/i;

/** Null when ffmpeg has made the whole file. @param run gets the function that kills it */
export async function runEncoder(options: EncoderRunOptions, run: EncoderStop): Promise<EncoderProblem | null> {
  const { folder, command, args, sources, onFailure, niceness = NICE } = options;
  const started = inDirectory(folder, command, args);
  const group = startBackgroundGroup(started.command, started.args, Math.max(0, sources.length - 1), niceness);
  const stderr = stderrTail(group);
  run.kill = group.kill;
  if (run.stopped) group.kill();
  let problem: EncoderProblem | null = null;
  const giveUp = (reason: EncoderProblem): void => {
    problem ??= reason;
    group.kill();
  };
  const stopWatching = watch(options, group, giveUp);
  const inputs: Writable[] = [group.stdin, ...group.outputs];
  const reading = sources.map(async (source, i) => {
    const input = inputs[i];
    // A reader that fails has lost the recording; where ffmpeg closes its end, it says why itself.
    if (input) await pipeline(Readable.from(readingOf(source, giveUp)), input).catch(() => {});
  });
  const { code, failure } = await group.exited;
  stopWatching();
  await Promise.all(reading);
  if (problem !== null) return problem;
  const said = stderr();
  if (code === 0 && !NO_ROOM.test(said)) return null;
  if (NO_ROOM.test(said)) return "disk-full";
  if (!run.stopped) onFailure(failure ?? (said.trim() || `exit code ${code}`));
  return "failed";
}

async function* readingOf(source: AsyncIterable<Buffer>, giveUp: (reason: EncoderProblem) => void): AsyncGenerator<Buffer> {
  const pieces = source[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Buffer>;
    try {
      next = await pieces.next();
    } catch {
      return giveUp("storage-away");
    }
    if (next.done) return;
    // Where ffmpeg closes its end, this throws.
    yield next.value;
  }
}

/** Reports the progress, and gives up where there is none or the file becomes too large. Returns a function that ends it. */
function watch(options: EncoderRunOptions, group: ProcessGroup, giveUp: (reason: EncoderProblem) => void): () => void {
  const { folder, file, seconds, clock, maxBytes, onProgress, onFailure } = options;
  const usage = new ProgramUsage(clock);
  let share = 0;
  let bytes = 0;
  let movedAt = clock.monotonic();
  let tail = "";
  group.stdout.on("data", (text: Buffer) => {
    const lines = `${tail}${text}`.split("\n");
    tail = lines.pop()?.slice(-200) ?? "";
    for (const line of lines) {
      const [, microseconds] = /^out_time_us=(\d+)$/.exec(line) ?? [];
      const next = microseconds === undefined ? 0 : Math.min(1, Number(microseconds) / 1e6 / Math.max(seconds, 0.001));
      if (next <= share) continue;
      share = next;
      movedAt = clock.monotonic();
    }
  });
  const timer = setInterval(() => {
    if (clock.monotonic() - movedAt > STALLED_AFTER_MS) {
      onFailure("it made no progress");
      return giveUp("failed");
    }
    void stat(join(folder, file)).then(
      ({ size }) => {
        bytes = size;
        if (size > maxBytes) giveUp("disk-full");
      },
      () => {},
    );
    onProgress(share, bytes, usage.measure(group.pid));
  }, REPORT_MS).unref();
  return () => clearInterval(timer);
}

/** Makes something in a folder of its own, which is removed at the end, and tells what failed. */
export async function inFolder<Made>(
  { folder, onFailure }: Pick<EncoderRunOptions, "folder" | "onFailure">,
  make: () => Promise<Made>,
): Promise<Made | EncoderProblem> {
  try {
    await mkdir(folder, { recursive: true });
    return await make();
  } catch (error) {
    if (isDiskFull(error)) return "disk-full";
    onFailure(error instanceof Error ? error.message : String(error));
    return "failed";
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return code === "ENOSPC" || code === "EDQUOT";
}

/** A program that runs in a directory: filters take the names of files there, and a path could have any character in it. */
export function inDirectory(directory: string, command: string, args: readonly string[]) {
  return { command: "sh", args: ["-c", 'cd -- "$1" && shift && exec "$@"', "sh", directory, command, ...args] };
}
