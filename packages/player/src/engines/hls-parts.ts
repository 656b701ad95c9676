/**
 * Mends how hls.js (1.7.4) forgets parts. Each time it drops what lies far behind the picture, it compares all that it holds with what
 * the browser has; the sound of a part mostly ends some milliseconds before its picture, the browser counts only what has both, and so
 * the newest parts seem to be missing. hls.js then waits for parts that it has, asks for no new ones, and the picture stops.
 */
import type HlsType from "hls.js";

type Library = typeof import("hls.js/light").default;
type Part = { readonly start: number; readonly end: number };

/** Sound and picture of a part may end so far apart, seconds. */
const APART = 0.1;
/** Parts that are remembered: more than any playlist lists. */
const MOST = 256;

/** Whether the browser has a part, or all of it but an end of one of its tracks. */
export function hasPart(buffered: TimeRanges, { start, end }: Part): boolean {
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= start + APART && buffered.end(i) >= end - APART && buffered.end(i) > start) return true;
  return false;
}

export function repairPartTracking(Hls: Library, hls: HlsType, video: HTMLVideoElement): void {
  const had = new Set<string>();
  const mend = (): void => {
    for (const part of hls.latestLevelDetails?.partList ?? []) {
      if (part.loaded || !had.has(nameOf(part.fragment.sn, part.index)) || !hasPart(video.buffered, part)) continue;
      const { start, end } = part;
      part.elementaryStreams.audiovideo = { startPTS: start, endPTS: end, startDTS: start, endDTS: end };
    }
  };
  hls.on(Hls.Events.FRAG_BUFFERED, (_event, { frag, part }) => {
    if (!part) return;
    had.add(nameOf(frag.sn, part.index));
    const oldest = had.size > MOST ? had.values().next().value : undefined;
    if (oldest !== undefined) had.delete(oldest);
  });
  // Another rung has other parts of the same time.
  hls.on(Hls.Events.LEVEL_SWITCHING, () => had.clear());
  hls.on(Hls.Events.BUFFER_FLUSHED, mend);
  hls.on(Hls.Events.LEVEL_UPDATED, mend);
}

function nameOf(sn: number | "initSegment", index: number): string {
  return `${sn}.${index}`;
}
