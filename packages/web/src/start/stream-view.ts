/** Provides a stream, and its addresses for other players. */
import { handleRefusedStreams, preloadFlv } from "@lectern/player";
import { playerAddresses } from "../class/lesson-code.ts";
import type { Language } from "../language.ts";
import { applyProtocol, mediaAddress } from "../player/media-address.ts";
import { earnFor } from "../proof-of-work/with-proof-of-work.ts";
import { text } from "./elements.ts";
import { START_MESSAGES } from "./messages.ts";

const COPIED_MS = 2000;

export function showStream(page: HTMLElement, language: Language, name: string, query: URLSearchParams): void {
  void preloadFlv();
  handleRefusedStreams(earnFor);
  document.title = `${name} · Lectern`;
  const media = mediaAddress(name, query);
  const player = document.createElement("lectern-player");
  player.setAttribute("autoplay", "");
  if (query.has("muted")) player.setAttribute("muted", "");
  applyProtocol(player, query);
  player.setAttribute("src", media);
  const addresses = document.createElement("dl");
  const rtmpPort = Number(page.dataset["rtmpPort"]) || null;
  addresses.append(
    ...playerAddresses(location.origin, rtmpPort, name, media).map(([label, address]) => addressRow(language, label, address)),
  );
  const { otherPlayers, otherPlayersHint } = START_MESSAGES[language];
  page.replaceChildren(player, text("h1", name), text("h2", otherPlayers), text("p", otherPlayersHint), addresses);
}

function addressRow(language: Language, label: string, address: string): HTMLElement {
  const messages = START_MESSAGES[language];
  const row = document.createElement("div");
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "button";
  copy.textContent = messages.copy;
  copy.setAttribute("aria-label", `${messages.copy}: ${label}`);
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address);
    copy.textContent = messages.copied;
    setTimeout(() => {
      copy.textContent = messages.copy;
    }, COPIED_MS);
  });
  // Browsers give pages over plain HTTP no clipboard.
  copy.hidden = !navigator.clipboard;
  const shown = text("dd", "");
  shown.append(text("span", address), copy);
  row.append(text("dt", label), shown);
  return row;
}
