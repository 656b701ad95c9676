/** `/`: asks for a lesson's code (or a stream's name), or shows the lesson that `?stream=NAME` names, with the addresses that other players open. */
import { preloadFlv } from "@lectern/player";
import { chooseProtocol, mediaAddress } from "../player/media-address.ts";
import { startMessages } from "./messages.ts";

const query = new URLSearchParams(location.search);
const language = query.get("lang") ?? navigator.language;
document.documentElement.lang = language;
const words = startMessages(language);
const page = document.getElementById("page");
const name = query.get("stream") ?? "";
const NAME = "[A-Za-z0-9_\\-]{1,128}";
const CODE = "[2-9A-HJ-NP-Za-hj-np-z\\- ]{8,12}";

if (new RegExp(`^${NAME}$`).test(name)) showLesson(name);
else askForName(name);

function showLesson(stream: string): void {
  void preloadFlv();
  document.title = `${stream} · Lectern`;
  const player = document.createElement("lectern-player");
  player.setAttribute("autoplay", "");
  if (query.has("muted")) player.setAttribute("muted", "");
  chooseProtocol(player, query);
  player.setAttribute("src", mediaAddress(stream, query));
  const http = location.origin;
  const media = mediaAddress(stream, query);
  const rows = document.createElement("dl");
  rows.append(
    addressRow("RTMP", `rtmp://${location.hostname}/live/${stream}`),
    addressRow("HTTP-FLV", `${http}${media}`),
    addressRow("WebSocket-FLV", `${http.replace(/^http/, "ws")}${media}`),
    addressRow("HLS", `${http}${media.replace(".flv", ".m3u8")}`),
  );
  page?.replaceChildren(player, text("h1", stream), text("h2", words.elsewhere), text("p", words.elsewhereHint), rows);
}

function addressRow(label: string, address: string): HTMLElement {
  const row = document.createElement("div");
  const copy = document.createElement("button");
  copy.type = "button";
  copy.textContent = words.copy;
  copy.setAttribute("aria-label", `${words.copy}: ${label}`);
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address);
    copy.textContent = words.copied;
    setTimeout(() => {
      copy.textContent = words.copy;
    }, 2000);
  });
  // Pages that were not opened over HTTPS may not use the clipboard.
  copy.hidden = !navigator.clipboard;
  row.append(text("dt", label), text("dd", address), copy);
  return row;
}

function askForName(given: string): void {
  document.title = `${words.title} · Lectern`;
  const form = document.createElement("form");
  form.className = "join-form";
  form.action = "/";
  const input = document.createElement("input");
  Object.assign(input, { id: "stream", name: "stream", required: true, autocomplete: "off", spellcheck: false, value: given });
  input.setAttribute("autocapitalize", "none");
  input.pattern = `${NAME}|${CODE}`;
  form.addEventListener("submit", (event) => {
    // A code as people type it: small letters, with a dash or a space.
    const code = input.value.toUpperCase().replace(/[\s-]/g, "");
    if (!/^[2-9A-HJ-NP-Z]{8}$/.test(code)) return;
    event.preventDefault();
    location.assign(`/j/${code}`);
  });
  input.title = words.nameRule;
  input.setAttribute("aria-describedby", "rule");
  const label = document.createElement("label");
  label.htmlFor = "stream";
  label.textContent = words.name;
  const rule = text("small", words.nameRule);
  rule.id = "rule";
  const go = text("button", words.watch);
  go.className = "primary";
  form.append(text("h1", words.title), text("p", words.lead), label, input, rule, go);
  page?.replaceChildren(form);
  input.focus();
}

function text(tag: string, content: string): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = content;
  return node;
}
