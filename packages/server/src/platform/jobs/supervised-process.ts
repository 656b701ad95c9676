/**
 * Keeps a program running in a process group: restarts it with a growing delay when it ends, kills it when it makes no progress, and logs
 * the end of what it wrote to its standard error.
 */
import { type Clock, systemClock } from "../clock.ts";
import type { Logger } from "../log.ts";
import { RetryDelay } from "../retry-delay.ts";
import { type GroupExit, type ProcessGroup, startProcessGroup, stderrTail } from "./process-group.ts";

export type SupervisedOptions = {
  /** Its name in log lines. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly log: Logger;
  /** Removes secrets from what is logged. */
  readonly redact?: (text: string) => string;
  readonly progress?: ProgressWatch;
  readonly clock?: Clock;
};

export type ProgressWatch = {
  /** What a line of standard output says of the progress, another text each time that there is some. Null: nothing. */
  readonly of: (line: string) => string | null;
  /** Without progress for so long the group is killed. */
  readonly stalledAfterMs: number;
};

export type SupervisedProcess = {
  /** Kills the group, and starts no other. May be called twice. */
  readonly close: () => void;
};

const MAX_LINE_CHARACTERS = 4096;

/** Progress of ffmpeg, which has to be started with `-progress pipe:1`. */
export function ffmpegProgress(line: string): string | null {
  return line.startsWith("out_time_us=") && !line.endsWith("N/A") ? line : null;
}

export function superviseProcess(options: SupervisedOptions): SupervisedProcess {
  const { name, command, args, log, redact = (text) => text, progress, clock = systemClock } = options;
  let group: ProcessGroup | null = null;
  let cancelRestart = () => {};
  const delay = new RetryDelay();
  let closed = false;
  const start = (): void => {
    const startedAt = clock.monotonic();
    const started = startProcessGroup(command, args);
    group = started;
    started.stdin.end();
    const stderr = stderrTail(started);
    const stopWatching = watchProgress(started, progress, clock, (silentMs) => {
      log.warn({ process: name, silentMs }, "child process stalled, killed");
      started.kill();
    });
    void started.exited.then((exit) => {
      stopWatching();
      if (closed) return;
      const livedMs = Math.round(clock.monotonic() - startedAt);
      delay.ran(livedMs);
      const restartMs = delay.next();
      logExit(log, { process: name, livedMs, restartInMs: restartMs, stderr: redact(stderr()) }, exit);
      cancelRestart = clock.after(restartMs, start);
    });
  };
  start();
  return {
    close: () => {
      closed = true;
      cancelRestart();
      group?.kill();
    },
  };
}

function logExit(log: Logger, fields: Readonly<Record<string, unknown>>, { code, signal, failure }: GroupExit): void {
  if (failure !== null) log.error({ ...fields, reason: failure }, "child process could not be started, retrying");
  else log.warn({ ...fields, code, signal }, "child process ended, restarting");
}

/** Calls when there was no progress for too long. Returns a function that ends it. */
function watchProgress(
  { stdout }: ProcessGroup,
  watch: ProgressWatch | undefined,
  clock: Clock,
  onStalled: (silentMs: number) => void,
): () => void {
  if (!watch) {
    stdout.resume();
    return () => {};
  }
  const { of, stalledAfterMs } = watch;
  const later = () => clock.after(stalledAfterMs, () => onStalled(stalledAfterMs));
  let cancel = later();
  let latest: string | null = null;
  let rest = "";
  stdout.on("data", (bytes: Buffer) => {
    const lines = `${rest}${bytes}`.split("\n");
    rest = (lines.pop() ?? "").slice(-MAX_LINE_CHARACTERS);
    for (const line of lines) {
      const progress = of(line.trim());
      if (progress === null || progress === latest) continue;
      latest = progress;
      cancel();
      cancel = later();
    }
  });
  return () => cancel();
}
