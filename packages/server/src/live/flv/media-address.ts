/**
 * The address of something live: `/APP/NAME.flv` and its parameters.
 * It is taken as it was sent: an escaped or dotted path is none of these addresses, so there is nothing to normalise.
 */

export type MediaAddress = {
  readonly app: string;
  readonly name: string;
  readonly query: URLSearchParams;
  readonly tracks: { readonly video: boolean; readonly audio: boolean };
  /** True for `delay=low`. */
  readonly lowDelay: boolean;
};

const FLV = /^\/([A-Za-z0-9_-]{1,64})\/([A-Za-z0-9_-]{1,128})\.flv$/;

/** Null when the path is not that of a live stream. */
export function parseMediaAddress(url: string): MediaAddress | null {
  const cut = url.indexOf("?");
  const match = FLV.exec(cut < 0 ? url : url.slice(0, cut));
  const [, app, name] = match ?? [];
  if (!app || !name) return null;
  const query = new URLSearchParams(cut < 0 ? "" : url.slice(cut + 1));
  const onlyAudio = query.get("onlyaudio") === "1";
  const onlyVideo = query.get("onlyvideo") === "1" && !onlyAudio;
  return { app, name, query, tracks: { video: !onlyAudio, audio: !onlyVideo }, lowDelay: query.get("delay") === "low" };
}
