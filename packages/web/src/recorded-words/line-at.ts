/** Finds the line of a transcript that is being spoken. */
import type { Line } from "./use-transcript.ts";

/** The last that has begun; -1: none has. @param seconds of the recording */
export function lineAt(lines: readonly Pick<Line, "start">[], seconds: number): number {
  let low = 0;
  for (let high = lines.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.start ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
