/** Provides the segments of a recording as a viewer gets them, and what is missing between them. */
import { mediaPlaylistOf } from "./hls-conformance.ts";
import { readPlaylist } from "./hls-reader.ts";
import type { Lectern } from "./lectern.ts";

export type RecordedSegment = {
  /** Milliseconds since 1970. */
  readonly utc: number;
  /** Seconds. */
  readonly duration: number;
  readonly discontinuity: boolean;
};

/** The playlist says the time of the first segment and of that behind each hole. */
export async function segmentsOf(
  { http }: Pick<Lectern, "http">,
  id: string,
): Promise<{ readonly segments: readonly RecordedSegment[]; readonly ended: boolean }> {
  const media = await mediaPlaylistOf(`${http}/vod/${id}.m3u8`);
  const { segments, ended } = readPlaylist(await (await fetch(media)).text());
  let [said, utc] = [0, 0];
  const timed = segments.map(({ duration, discontinuity, ...segment }) => {
    if (segment.utc !== said) utc = segment.utc;
    said = segment.utc;
    const at = utc;
    utc += duration * 1000;
    return { utc: at, duration, discontinuity };
  });
  return { segments: timed, ended };
}

/** Milliseconds that are missing between segments. */
export function missingMs(segments: readonly RecordedSegment[]): number {
  return segments.reduce((sum, { utc, discontinuity }, i) => {
    const before = segments[i - 1];
    return discontinuity && before ? sum + Math.max(0, utc - before.utc - before.duration * 1000) : sum;
  }, 0);
}
