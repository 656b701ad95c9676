/**
 * Shows `/embed/NAME`: only the player. Parameters of the address: `muted`, `autoplay=0`, `controls=off`, `lang`, `delay=low`, `protocol=hls`,
 * `latency=realtime`, `origin` (of the page around it, for messages), and those of the link.
 */
import { handleRefusedStreams, preloadFlv } from "@lectern/player";
import { applyProtocol, dispatchAddress, mediaAddress } from "../player/media-address.ts";
import { earnFor } from "../proof-of-work/with-proof-of-work.ts";
import { keepServerTime } from "../session/server-time.ts";
import { openMessages, readOrigin } from "./frame-messages.ts";
import { ShownStream } from "./shown-stream.ts";

keepServerTime();
void preloadFlv();
handleRefusedStreams(earnFor);

const name = decodeURIComponent(location.pathname.split("/").pop() ?? "");
const query = new URLSearchParams(location.search);
document.documentElement.lang = query.get("lang") || navigator.language;
const media = mediaAddress(name, query);
const player = document.createElement("lectern-player");
if (query.get("autoplay") !== "0") player.setAttribute("autoplay", "");
if (query.has("muted") && query.get("muted") !== "0") player.setAttribute("muted", "");
if (query.get("controls") === "off") player.setAttribute("controls", "off");
applyProtocol(player, query);
player.setAttribute("dispatch", dispatchAddress());
player.setAttribute("src", media);
document.title = name;
const heading = document.createElement("h1");
heading.className = "unseen";
heading.textContent = name;
const main = document.createElement("main");
main.append(heading, player);
document.body.append(main);

const shown = new ShownStream(main, player, media);
shown.tell(openMessages(window, readOrigin(query.get("origin")), name, (command) => shown.follow(command)));
