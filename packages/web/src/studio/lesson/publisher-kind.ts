/** Decides whether a stream comes from streaming software or from a browser. */

/** As the server names the ways in that browsers publish by: WHIP and WebSocket. Software such as OBS may use WHIP too. */
const OF_BROWSERS: readonly string[] = ["ws", "whip", "webrtc"];

/** False while nobody publishes. */
export function isOfSoftware(stream: { readonly publisher: { readonly protocol: string } | null } | null): boolean {
  const protocol = stream?.publisher?.protocol ?? null;
  return protocol !== null && !OF_BROWSERS.includes(protocol);
}
