/** Runs a program once, in a process group, with a limit on its time and on its output. */
import { startProcessGroup } from "./process-group.ts";

export type RunOptions = {
  readonly command: string;
  readonly args: readonly string[];
  /** Written to its standard input. */
  readonly input: Uint8Array;
  /** The group is killed after this. */
  readonly withinMs: number;
  /** The group is killed when it writes more to its standard output. */
  readonly maxBytes: number;
};

/** Its standard output; null when it failed, was killed, or could not be started. */
export async function runProcess({ command, args, input, withinMs, maxBytes }: RunOptions): Promise<Buffer | null> {
  const group = startProcessGroup(command, args);
  const pieces: Buffer[] = [];
  let bytes = 0;
  group.stdout.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxBytes) group.kill();
    else pieces.push(piece);
  });
  group.stderr.resume();
  const timer = setTimeout(group.kill, withinMs);
  group.stdin.end(input);
  const { code } = await group.exited;
  clearTimeout(timer);
  return code === 0 && bytes <= maxBytes ? Buffer.concat(pieces) : null;
}
