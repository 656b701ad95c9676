/**
 * Makes the file of a download with a watermark: ffmpeg decodes the recording, draws the text, encodes the picture again and copies the sound. It
 * runs in the background of everything else, in a process group that dies with this process, and is killed when it makes no progress.
 */
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Clock } from "../../platform/clock.ts";
import { type ProcessGroup, startBackgroundGroup, stderrTail } from "../../platform/jobs/process-group.ts";
import { ProgramUsage } from "../../platform/jobs/program-usage.ts";
import { MADE_FILE } from "../files/download-files.ts";
import type { VirtualFile } from "../replay/virtual-file.ts";
import type { DownloadMark, DownloadProblem } from "./download-messages.ts";
import type { Size } from "./mark-places.ts";
import { markSubtitles } from "./mark-subtitles.ts";
import { inDirectory, tryMark } from "./mark-trial.ts";

export type MarkedFileOptions = {
  /** ffmpeg, looked for in PATH. */
  readonly command: string;
  /** Of its own: it is removed at the end. */
  readonly folder: string;
  /** Where the whole file goes. */
  readonly path: string;
  /** Fragmented MP4. */
  readonly source: VirtualFile;
  readonly seconds: number;
  readonly picture: Size;
  readonly mark: DownloadMark;
  /** Of the picture, at most. */
  readonly maxKbps: number;
  /** A file that becomes larger is given up as one for which there is no room. */
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Each second. @param share 0 to 1 */
  readonly onProgress: (share: number, bytes: number, cores: number | null) => void;
  /** What ffmpeg said, where it failed. */
  readonly onFailure: (reason: string) => void;
};

export type MarkedFile = {
  /** The size of the file, or why there is none. Nothing is left behind then. */
  readonly made: Promise<number | DownloadProblem>;
  /** Kills ffmpeg. `made` then resolves soon. May be called twice. */
  readonly stop: () => void;
};

/** Everything else on the machine comes before, ladders too: the lowest priority. */
const NICE = 19;
const REPORT_MS = 1000;
/** Busy machines let ffmpeg wait. */
const STALLED_AFTER_MS = 120_000;
const MARK_FILE = "mark.ass";
/** The picture is coded again: a little better than a ladder's. */
const CRF = 21;
const NO_ROOM = /No space left on device|Disk quota exceeded/i;

export function makeMarkedFile(options: MarkedFileOptions): MarkedFile {
  const run = { stopped: false, kill: () => {} };
  return {
    made: make(options, run).finally(() => rm(options.folder, { recursive: true, force: true })),
    stop: () => {
      run.stopped = true;
      run.kill();
    },
  };
}

type Run = { stopped: boolean; kill: () => void };

async function make(options: MarkedFileOptions, run: Run): Promise<number | DownloadProblem> {
  const { folder, path, command, mark, picture, seconds, onFailure } = options;
  try {
    await mkdir(folder, { recursive: true });
    const trial = await tryMark(command, folder, mark.text);
    if (trial.kind === "impossible") {
      onFailure(trial.reason);
      return "no-mark";
    }
    // Boxes instead of letters lead to nobody.
    const text = trial.kind === "missing" && !mark.text.includes(mark.id) ? `${mark.text} ${mark.id}` : mark.text;
    await writeFile(join(folder, MARK_FILE), markSubtitles({ ...mark, text }, picture, seconds, Math.random));
    const problem = run.stopped ? "failed" : await encode(options, run);
    if (problem) return problem;
    await rename(join(folder, MADE_FILE), path);
    return (await stat(path)).size;
  } catch (error) {
    if (isNoRoom(error)) return "disk-full";
    onFailure(error instanceof Error ? error.message : String(error));
    return "failed";
  }
}

/** Null when ffmpeg has made the whole file. */
async function encode(options: MarkedFileOptions, run: Run): Promise<DownloadProblem | null> {
  const { folder, command, source, onFailure } = options;
  const started = inDirectory(folder, command, markArguments(options));
  const group = startBackgroundGroup(started.command, started.args, 0, NICE);
  const stderr = stderrTail(group);
  run.kill = group.kill;
  if (run.stopped) group.kill();
  let problem: DownloadProblem | null = null;
  const giveUp = (reason: DownloadProblem): void => {
    problem ??= reason;
    group.kill();
  };
  const stopWatching = watch(options, group, giveUp);
  // A reader that fails has lost the recording; where ffmpeg closes its end, it says why itself.
  const reading = pipeline(Readable.from(readingOf(source, giveUp)), group.stdin).catch(() => {});
  const { code, failure } = await group.exited;
  stopWatching();
  await reading;
  if (problem !== null) return problem;
  const said = stderr();
  if (code === 0 && !NO_ROOM.test(said)) return null;
  if (NO_ROOM.test(said)) return "disk-full";
  if (!run.stopped) onFailure(failure ?? (said.trim() || `exit code ${code}`));
  return "failed";
}

async function* readingOf(source: VirtualFile, giveUp: (reason: DownloadProblem) => void): AsyncGenerator<Buffer> {
  const pieces = source.read({ from: 0, to: source.length });
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
function watch(options: MarkedFileOptions, group: ProcessGroup, giveUp: (reason: DownloadProblem) => void): () => void {
  const { folder, seconds, clock, maxBytes, onProgress, onFailure } = options;
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
    void stat(join(folder, MADE_FILE)).then(
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

function markArguments({ maxKbps }: MarkedFileOptions): string[] {
  const kbps = Math.round(maxKbps);
  return [
    ...["-hide_banner", "-loglevel", "warning", "-nostats", "-progress", "pipe:1", "-stats_period", "0.5"],
    // One core is what the queue has found idle.
    ...["-threads", "1", "-f", "mp4", "-i", "pipe:0", "-filter_threads", "1"],
    ...["-map", "0:v:0", "-map", "0:a:0?", "-vf", `ass=${MARK_FILE},format=yuv420p`],
    // A frame for each frame of the recording, at its time.
    ...["-fps_mode", "passthrough", "-enc_time_base:v", "-1"],
    ...["-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-crf", String(CRF)],
    ...["-maxrate", `${kbps}k`, "-bufsize", `${2 * kbps}k`],
    ...["-c:a", "copy", "-map_metadata", "-1", "-f", "mp4", `file:${MADE_FILE}`],
  ];
}

function isNoRoom(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return code === "ENOSPC" || code === "EDQUOT";
}
