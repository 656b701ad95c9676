/** Says of what time of the clock each part of a recording is. */
import { type RoomSpan, spansOf } from "../../contracts/rooms/room-replay.ts";
import type { Timeline } from "../files/timeline.ts";

/** By timeline: a complete recording keeps its own. */
const known = new WeakMap<Timeline, { readonly length: number; readonly spans: readonly RoomSpan[] }>();

export function timelineSpans(timeline: Timeline): readonly RoomSpan[] {
  const before = known.get(timeline);
  if (before?.length === timeline.length) return before.spans;
  const spans = spansOf(
    Array.from({ length: timeline.length }, (_, number) => {
      const segment = timeline.segment(number);
      return {
        utc: segment?.utc ?? 0,
        position: timeline.startOf(number) * 1000,
        length: (segment?.duration ?? 0) * 1000,
      };
    }),
  );
  known.set(timeline, { length: timeline.length, spans });
  return spans;
}
