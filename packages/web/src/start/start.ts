/** `/`: a form for a lesson code or a stream name; with `?stream=NAME`, the stream and its addresses for other players. */
import { handleRefusedStreams, preloadFlv } from "@lectern/player";
import { currentBrand, loadBrand, onBrand } from "../brand/brand.ts";
import { earnFor } from "../clearance/with-clearance.ts";
import { LANGUAGES, otherLanguage } from "../language.ts";
import { keepLanguage, pageLanguage } from "../page-language.ts";
import { applyProtocol, mediaAddress } from "../player/media-address.ts";
import { keepServerTime } from "../session/server-time.ts";
import { isTelevisionBrowser } from "../television-browser.ts";
import { CODE_PATTERN, isStreamName, lessonCode, NAME_PATTERN, playerAddresses } from "./lesson-code.ts";
import { START_MESSAGES } from "./messages.ts";

const COPIED_MS = 2000;

const query = new URLSearchParams(location.search);
const language = pageLanguage();
document.documentElement.lang = language;
document.documentElement.classList.toggle("television-browser", isTelevisionBrowser());
const messages = START_MESSAGES[language];
const page = document.getElementById("page");
const stream = query.get("stream") ?? "";

keepServerTime();
onBrand(showBrand);
void loadBrand();
showWays();
if (isStreamName(stream)) showStream(stream);
else showJoinForm(stream);

/** The school's name and logo stand in the head of the page. */
function showBrand(): void {
  const { school, logo } = currentBrand();
  const [picture, name] = [document.querySelector(".wordmark > img"), document.querySelector(".wordmark > span")];
  if (logo) picture?.setAttribute("src", logo);
  if (name && school !== null) name.textContent = school;
}

/** The other language, and the way in for staff, in the head of the page. */
function showWays(): void {
  const other = otherLanguage(language);
  const change = text("button", LANGUAGES[other]);
  change.className = "button";
  change.lang = other;
  change.addEventListener("click", () => {
    keepLanguage(other);
    // It would win over the choice.
    query.delete("lang");
    history.replaceState(null, "", `/?${query}`);
    location.reload();
  });
  const signIn = document.createElement("a");
  Object.assign(signIn, { className: "button", href: "/console", textContent: messages.signIn });
  document.querySelector("header")?.append(change, signIn);
}

function showStream(name: string): void {
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
  addresses.append(...playerAddresses(location.origin, name, media).map(([label, address]) => addressRow(label, address)));
  const { otherPlayers, otherPlayersHint } = messages;
  page?.replaceChildren(player, text("h1", name), text("h2", otherPlayers), text("p", otherPlayersHint), addresses);
}

function addressRow(label: string, address: string): HTMLElement {
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

function showJoinForm(value: string): void {
  document.title = `${messages.title} · Lectern`;
  const form = document.createElement("form");
  form.className = "join-form";
  form.action = "/";
  const field = document.createElement("div");
  field.className = "field";
  const input = document.createElement("input");
  Object.assign(input, { id: "stream", name: "stream", required: true, autocomplete: "off", spellcheck: false, value });
  input.setAttribute("autocapitalize", "none");
  input.pattern = `${NAME_PATTERN}|${CODE_PATTERN}`;
  input.title = messages.codeHint;
  input.setAttribute("aria-describedby", "code-hint");
  form.addEventListener("submit", (event) => {
    const code = lessonCode(input.value);
    if (code === null) return;
    event.preventDefault();
    location.assign(`/j/${code}`);
  });
  const label = document.createElement("label");
  label.htmlFor = "stream";
  label.textContent = messages.code;
  const hint = text("small", messages.codeHint);
  hint.id = "code-hint";
  const join = text("button", messages.join);
  join.className = "button primary";
  field.append(label, input, hint);
  form.append(text("h1", messages.title), text("p", messages.lead), field, join);
  page?.replaceChildren(form);
  input.focus();
}

function text(tag: string, content: string): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = content;
  return node;
}
