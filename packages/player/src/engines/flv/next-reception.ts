/** Tells how the next rung arrives, in relation to the one that is shown. */
import type { NextReception } from "./reception.ts";
import type { RungStream } from "./rung-stream.ts";
import { framesFrom } from "./splice.ts";

/** @param positionMs time of the shown frame, milliseconds of the stream's clock; null before the first */
export function nextReception(next: RungStream, shown: RungStream, positionMs: number | null, now: number): NextReception {
  const newest = next.arrivals?.newest ?? null;
  const position = positionMs ?? Number.NEGATIVE_INFINITY;
  const from = Math.max(position, firstMs(next, position) ?? Number.POSITIVE_INFINITY);
  return {
    openMs: next.openedAt === null ? null : now - next.openedAt,
    leadMs: newest === null ? null : newest - (shown.arrivals?.newest ?? Number.NEGATIVE_INFINITY),
    ahead: newest === null ? Number.NEGATIVE_INFINITY : (newest - from) / 1000,
    pace: next.arrivals?.measure(now).pace ?? 0,
    burstKbps: next.arrivals?.burstKbps ?? null,
  };
}

/** Whether the next rung has the frame that is shown, so that nothing is left out. */
export function reaches(next: RungStream, positionMs: number | null): boolean {
  const from = positionMs === null ? null : firstMs(next, positionMs);
  return from !== null && positionMs !== null && from <= positionMs;
}

/** Time of the frame that the next rung would begin with. */
function firstMs(next: RungStream, positionMs: number): number | null {
  return framesFrom(next.kept, positionMs)[0]?.tag.timestamp ?? null;
}
