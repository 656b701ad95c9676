/** Finds where an encoder can begin in the log of a stream, and what its segments begin with. */
import type { Log, LogSegment } from "../log/log.ts";
import { decodesAlike, type MediaEntry, type SegmentHead } from "../log/log-entry.ts";

/** Complete segments that a new stream begins with: as far back as HLS players begin (RFC 8216 section 6.3.3: three target durations). */
const FIRST_SEGMENTS = 3;

/** The newest segment up to this one that begins with a key frame and is decoded with the same configuration. */
export function keySegmentBefore({ segments }: Log, to: LogSegment): LogSegment | null {
  const found = segments.findLast(({ head }) => head.msn <= to.head.msn && head.independent);
  const [video, wanted] = [found?.context.video, to.context.video];
  if (!found || !video || !wanted || found.head.term !== to.head.term) return null;
  return decodesAlike(video, wanted) ? found : null;
}

/** The first head after a segment; with video, one that a decoder can begin with. Without an earlier segment: one of the newest such heads. */
export function firstHead(parent: Log, after: number | null, withVideo: boolean): SegmentHead | null {
  const heads = parent.segments.map(({ head }) => head).filter(({ independent }) => independent || !withVideo);
  return (after === null ? heads[Math.max(0, heads.length - 1 - FIRST_SEGMENTS)] : heads.find(({ msn }) => msn > after)) ?? null;
}

export function presentationTime({ decodeTime, compositionOffset }: MediaEntry): number {
  return decodeTime + compositionOffset;
}

/** The first video frame of a segment; null when it has none, unknown while it may still come. */
export function firstVideo(segment: LogSegment, parent: Log): MediaEntry | "unknown" | null {
  const isWhole = parent.ended || parent.segments.at(-1)?.head.sequence !== segment.head.sequence;
  return firstFrame(segment, "video") ?? (isWhole ? null : "unknown");
}

/** Of those that it has so far. */
export function firstFrame({ entries }: LogSegment, track: MediaEntry["track"]): MediaEntry | null {
  for (let index = 0; index < entries.length; index++) {
    const entry = entries.at(index);
    if (entry?.kind === "media" && entry.track === track) return entry;
  }
  return null;
}
