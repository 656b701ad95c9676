/** Provides the address of a still of a recording: the server keeps one for each ten seconds of wall-clock time, beside the media playlist. */

const EACH_SECONDS = 10;

/** The address of the first media playlist that a multivariant playlist lists (RFC 8216, 4.3.4.2). @param address of the multivariant one, after redirects */
export function mediaPlaylistAddress(multivariant: string, address: string): string | null {
  const line = multivariant.split("\n").find((one) => one.trim() !== "" && !one.startsWith("#"));
  return line === undefined ? null : new URL(line.trim(), address).href;
}

/** @param playlist address of the media playlist; @param seconds into the recording */
export function stillAddress(playlist: string, startedAt: string, seconds: number): string {
  const at = Date.parse(startedAt) / 1000 + seconds;
  return new URL(`still-${Math.floor(at / EACH_SECONDS) * EACH_SECONDS}.jpg`, playlist).href;
}
