/**
 * `/embed/NAME`: only the player. Parameters of the address: `muted`, `autoplay=0`, `controls=off`, `lang`, `delay=low`, `protocol=hls`, `latency=realtime`.
 */
import { handleRefusedStreams, preloadFlv } from "@lectern/player";
import { earnFor } from "../clearance/with-clearance.ts";
import { applyProtocol, dispatchAddress, mediaAddress } from "../player/media-address.ts";

void preloadFlv();
handleRefusedStreams(earnFor);

const name = decodeURIComponent(location.pathname.split("/").pop() ?? "");
const query = new URLSearchParams(location.search);
document.documentElement.lang = query.get("lang") || navigator.language;
const player = document.createElement("lectern-player");
if (query.get("autoplay") !== "0") player.setAttribute("autoplay", "");
if (query.has("muted") && query.get("muted") !== "0") player.setAttribute("muted", "");
if (query.get("controls") === "off") player.setAttribute("controls", "off");
applyProtocol(player, query);
player.setAttribute("dispatch", dispatchAddress());
player.setAttribute("src", mediaAddress(name, query));
document.title = name;
document.body.append(player);
