/** Parses the address of a live stream as FLV: `/APP/NAME.flv` and its parameters. */
import type { RequestAddress } from "../http/request-address.ts";
import { NAME_PATTERN } from "../stream-name.ts";

export type FlvAddress = {
  readonly app: string;
  readonly name: string;
  readonly query: URLSearchParams;
  readonly tracks: { readonly video: boolean; readonly audio: boolean };
  /** True for `delay=low`. */
  readonly lowDelay: boolean;
  /** True for `audio=opus`: the client plays Opus. */
  readonly takesOpus: boolean;
};

const FLV = new RegExp(`^/([A-Za-z0-9_-]{1,64})/(${NAME_PATTERN})\\.flv$`);

/** Null when the path is not that of a live stream. */
export function parseFlvAddress(address: RequestAddress): FlvAddress | null {
  const [, app, name] = FLV.exec(address.path) ?? [];
  if (!app || !name) return null;
  const { query } = address;
  const onlyAudio = query.get("onlyaudio") === "1";
  const onlyVideo = query.get("onlyvideo") === "1" && !onlyAudio;
  const tracks = { video: !onlyAudio, audio: !onlyVideo };
  return { app, name, query, tracks, lowDelay: query.get("delay") === "low", takesOpus: query.get("audio") === "opus" };
}
