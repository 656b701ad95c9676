/** Counts what a segment has of each track, once for all who ask: nothing of a complete segment changes. */
import type { LogSegment } from "./log.ts";

export type TrackSize = { readonly bytes: number; readonly frames: number };
export type SegmentSizes = { readonly video: TrackSize; readonly audio: TrackSize };

const counted = new WeakMap<LogSegment, SegmentSizes>();

/** @param segment complete: one that is still being written would be counted too early */
export function sizesOf(segment: LogSegment): SegmentSizes {
  const known = counted.get(segment);
  if (known) return known;
  const sizes = { video: { bytes: 0, frames: 0 }, audio: { bytes: 0, frames: 0 } };
  segment.entries.visit(0, segment.entries.length, (entry) => {
    if (entry.kind !== "media" || entry.track === "data") return;
    sizes[entry.track].bytes += entry.payload.length;
    sizes[entry.track].frames++;
  });
  counted.set(segment, sizes);
  return sizes;
}
