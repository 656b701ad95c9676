/**
 * Works around lost parts in hls.js 1.7.4. When hls.js evicts its back buffer, it compares the loaded parts with the buffered ranges. The
 * audio of a part mostly ends some milliseconds before its video, and a browser reports only the range that both cover, so the newest
 * parts seem to be missing. hls.js then waits for parts that it has, requests no new ones, and playback stalls.
 */
import type HlsType from "hls.js";

type Library = typeof import("hls.js/light").default;
type Part = { readonly start: number; readonly end: number };

/** Audio and video of a part may end this many seconds apart. */
const TRACK_END_TOLERANCE = 0.1;
/** More parts than any playlist lists. */
const MAX_TRACKED = 256;

/** Whether the buffer covers a part, but for the tolerance at its ends. */
export function hasPart(buffered: TimeRanges, { start, end }: Part): boolean {
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= start + TRACK_END_TOLERANCE && buffered.end(i) >= end - TRACK_END_TOLERANCE && buffered.end(i) > start)
      return true;
  return false;
}

/** Marks buffered parts as loaded again after hls.js has dropped them. */
export function repairPartTracking(Hls: Library, hls: HlsType, video: HTMLVideoElement): void {
  const buffered = new Set<string>();
  const repair = (): void => {
    for (const part of hls.latestLevelDetails?.partList ?? []) {
      if (part.loaded || !buffered.has(partId(part.fragment.sn, part.index)) || !hasPart(video.buffered, part)) continue;
      const { start, end } = part;
      part.elementaryStreams.audiovideo = { startPTS: start, endPTS: end, startDTS: start, endDTS: end };
    }
  };
  hls.on(Hls.Events.FRAG_BUFFERED, (_event, { frag, part }) => {
    if (!part) return;
    buffered.add(partId(frag.sn, part.index));
    const oldest = buffered.size > MAX_TRACKED ? buffered.values().next().value : undefined;
    if (oldest !== undefined) buffered.delete(oldest);
  });
  // Parts of another rung have the same numbers.
  hls.on(Hls.Events.LEVEL_SWITCHING, () => buffered.clear());
  hls.on(Hls.Events.BUFFER_FLUSHED, repair);
  hls.on(Hls.Events.LEVEL_UPDATED, repair);
}

function partId(sn: number | "initSegment", index: number): string {
  return `${sn}.${index}`;
}
