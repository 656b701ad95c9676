/** Makes the player of one person who talks: without controls, and as little behind as the network allows. */
import "@lectern/player";
import { dispatchAddress } from "../player/media-address.ts";

/** Not as React's element: attributes of this name are fields of the player, too, which React would set. */
export function createMemberPlayer(): HTMLElement {
  const player = document.createElement("lectern-player");
  const attributes = { autoplay: "", controls: "off", reports: "off", latency: "realtime", dispatch: dispatchAddress() };
  for (const [name, value] of Object.entries(attributes)) player.setAttribute(name, value);
  player.setAttribute("lang", document.documentElement.lang);
  player.tabIndex = -1;
  return player;
}
