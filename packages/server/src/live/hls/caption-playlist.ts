/** Writes the playlist of a live lesson's captions. */
import { writeStoredPlaylist } from "@lectern/media";
import type { IndexedSegment } from "./segment-index.ts";

/**
 * The playlist of the subtitles: a segment beside each whole one of the media.
 * @param base the address of the stream's files, relative to the playlist
 */
export function liveCaptionPlaylist(
  segments: readonly IndexedSegment[],
  base: string,
  targetSeconds: number,
  ended: boolean,
): string {
  return writeStoredPlaylist({
    type: null,
    targetSeconds,
    mediaSequence: segments[0]?.source.head.msn ?? 0,
    independent: false,
    ended,
    segments: segments.map(({ source: { head }, duration }) => ({
      uri: `${base}captions-${head.term}-${head.msn}.vtt`,
      duration,
      utc: head.utc,
      discontinuity: head.discontinuity,
      map: null,
    })),
  });
}
