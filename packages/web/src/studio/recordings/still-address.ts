/** Provides the address of a still of a recording: the server keeps one for each ten seconds of wall-clock time, beside the playlist. */

const EACH_SECONDS = 10;

/** @param playlist its address; @param seconds into the recording */
export function stillAddress(playlist: string, startedAt: string, seconds: number): string {
  const at = Date.parse(startedAt) / 1000 + seconds;
  return new URL(`still-${Math.floor(at / EACH_SECONDS) * EACH_SECONDS}.jpg`, playlist).href;
}
