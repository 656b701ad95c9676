/** Runs a program once, in a process group, with a limit on its time and on its output. */
import { startProcessGroup, stderrTail } from "./process-group.ts";

export type RunOptions = {
  readonly command: string;
  readonly args: readonly string[];
  /** Written to its standard input, which ends after it. Default: nothing. */
  readonly input?: Uint8Array;
  /** The group is killed after this. */
  readonly withinMs: number;
  /** The group is killed when it writes more to its standard output. */
  readonly maxBytes: number;
};

export type ProgramRun = {
  /** Its standard output; null when it failed, was killed, or could not be started. */
  readonly output: Buffer | null;
  /** Its exit code; null when a signal ended it, or it was killed. */
  readonly code: number | null;
  /** The end of what it wrote to its standard error. */
  readonly stderr: string;
  /** Why it was killed, or could not be started; null when it ended by itself. */
  readonly stopped: string | null;
  /** Whether it was killed for its time. */
  readonly isLate: boolean;
};

export async function runProgram({ command, args, input = new Uint8Array(), withinMs, maxBytes }: RunOptions): Promise<ProgramRun> {
  const group = startProcessGroup(command, args);
  const pieces: Buffer[] = [];
  let bytes = 0;
  let isLate = false;
  group.stdout.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxBytes) group.kill();
    else pieces.push(piece);
  });
  const stderr = stderrTail(group);
  const timer = setTimeout(() => {
    isLate = true;
    group.kill();
  }, withinMs);
  group.stdin.end(input);
  const { code, failure } = await group.exited;
  clearTimeout(timer);
  const isTooMuch = bytes > maxBytes;
  const killed = isLate ? `it did not end within ${withinMs / 1000} s` : isTooMuch ? `it wrote more than ${maxBytes} bytes` : null;
  const output = code === 0 && !isTooMuch ? Buffer.concat(pieces) : null;
  return { output, code: killed === null ? code : null, stderr: stderr(), stopped: failure ?? killed, isLate };
}
