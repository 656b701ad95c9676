/** Provides the media address of a stream, for a page of the same server. */

/** The parameters of a page that belong to the media: those of a signed link, and the delay. */
const MEDIA_PARAMETERS = ["expires", "sign", "ip", "viewer", "delay"];

/** @param query of the page */
export function mediaAddress(name: string, query: URLSearchParams): string {
  const parameters = new URLSearchParams();
  for (const key of MEDIA_PARAMETERS) {
    const value = query.get(key);
    if (value !== null) parameters.set(key, value);
  }
  return `/live/${encodeURIComponent(name)}.flv${parameters.size > 0 ? `?${parameters}` : ""}`;
}

/** Path and parameters of an absolute address: the page comes from the same server, under whatever name the browser knows it. */
export function sameOriginPath(address: string, base?: string): string {
  const { pathname, search } = new URL(address, base);
  return pathname + search;
}

/** Where a live playlist for a rewind starts: with the lesson, but no earlier than the longest range of one playlist. */
export type RewindRange = { readonly from: string; readonly startSeconds: number };

/** A playlist lists at most an hour. */
const MAX_RANGE_MS = 3500 * 1000;
/** A rewind starts this long before the present. */
const REWIND_SECONDS = 15;

/** @param lessonStart when the lesson started, ISO 8601; @param now milliseconds since 1970 */
export function rewindRange(lessonStart: string | null, now: number): RewindRange {
  const from = Math.max(lessonStart ? Date.parse(lessonStart) : 0, now - MAX_RANGE_MS);
  return { from: new Date(from).toISOString(), startSeconds: Math.max(0, (now - from) / 1000 - REWIND_SECONDS) };
}

/** So much before the wanted time is in the playlist too, for viewers who go back a little more. */
const BEFORE_MS = 600_000;

/**
 * The playlist of what was live at a time, and where in it that is.
 * @param media path of HTTP-FLV, as of `mediaAddress`
 * @param at the wanted time, and `now`: milliseconds since 1970
 */
export function rewoundSource(media: string, at: number, now: number): { readonly address: string; readonly startSeconds: number } {
  const from = Math.max(at - BEFORE_MS, now - MAX_RANGE_MS);
  const [path = "", query = ""] = media.split("?");
  const parameters = new URLSearchParams(query);
  parameters.delete("delay");
  parameters.set("start", new Date(from).toISOString());
  return { address: `${path.replace(/\.flv$/, ".m3u8")}?${parameters}`, startSeconds: Math.max(0, (at - from) / 1000) };
}

/** Applies `?protocol=` and `?latency=` of the page to the player. */
export function applyProtocol(player: HTMLElement, query: URLSearchParams): void {
  for (const name of ["protocol", "latency"]) {
    const value = query.get(name);
    if (value !== null) player.setAttribute(name, value);
  }
}

/** The address at which dispatch names the servers of a stream; empty on an installation of one node. */
export function dispatchAddress(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="lectern-dispatch"]')?.content ?? "";
}
