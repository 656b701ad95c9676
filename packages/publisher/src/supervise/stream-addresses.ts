/** The addresses of a stream to which browsers publish. */

export type StreamAddresses = { readonly whip: string; readonly webSocket: string; readonly probe: string };

/** @param address `https://HOST/APP/NAME` @param key publish key */
export function streamAddresses(address: string, key: string): StreamAddresses {
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, "");
  const secret = new URLSearchParams({ key });
  const socket = `${url.protocol === "http:" ? "ws:" : "wss:"}//${url.host}${path}/publish`;
  return { whip: `${url.origin}${path}/whip`, webSocket: `${socket}?${secret}`, probe: `${socket}/probe?${secret}` };
}
