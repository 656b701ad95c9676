/** Signs the addresses at which one person sees and hears a stream of an examination live. */
import { signLink } from "../../../access/links/signed-link.ts";
import type { WallSources } from "./wall-items.ts";

/** They open connections for this long; who supervises is asked again then. */
const LIVE_SECONDS = 300;

export function liveAddresses(
  { app, secret, now }: Pick<WallSources, "app" | "secret" | "now">,
  origin: string,
  viewer: string,
  name: string,
  seconds: number = LIVE_SECONDS,
) {
  const expires = Math.floor(now / 1000) + seconds;
  const link = signLink({ app, name, expires, viewer }, secret);
  const address = `${origin}/${app}/${name}`;
  return {
    flv: `${address}.flv?${link}`,
    ws: `${address.replace(/^http/, "ws")}.flv?${link}`,
    hls: `${address}.m3u8?${link}`,
    whep: `${address}/whep?${link}`,
    expiresAt: new Date(expires * 1000),
  };
}
