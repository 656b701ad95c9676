/**
 * Shows `/`: a code for those who learn, the sign-in for those who teach; with `?stream=NAME`, a stream and its addresses for other players. `/tv`: a
 * lesson on a television, which shows a code; on a phone, the page that lets the television in.
 */
import { currentBrand, loadBrand, onBrand } from "../brand/brand.ts";
import { isStreamName } from "../class/lesson-code.ts";
import { LANGUAGES, otherLanguage } from "../language.ts";
import { keepLanguage, pageLanguage } from "../page-language.ts";
import { keepServerTime } from "../session/server-time.ts";
import { isSignedIn } from "../session/signed-in.ts";
import { isTelevisionBrowser } from "../television-browser.ts";
import { showDoors } from "./doors.ts";
import { text } from "./elements.ts";
import { START_MESSAGES } from "./messages.ts";

/** Wider ones are projectors and televisions, or stand beside one. */
const PHONE = "(max-width: 900px)";

const query = new URLSearchParams(location.search);
const language = pageLanguage();
document.documentElement.lang = language;
document.documentElement.classList.toggle("television-browser", isTelevisionBrowser());
const messages = START_MESSAGES[language];

keepServerTime();
onBrand(showBrand);
void loadBrand();
showWays();
const page = document.getElementById("page");
if (page) void show(page);

async function show(into: HTMLElement): Promise<void> {
  const stream = query.get("stream") ?? "";
  // The start page is light: the player comes where it is wanted.
  if (isStreamName(stream)) return (await import("./stream-view.ts")).showStream(into, language, stream, query);
  const isTv = location.pathname === "/tv";
  if (isTv && (query.has("code") || query.has("class") || matchMedia(PHONE).matches))
    return await (await import("./admit-television.ts")).admitTelevision(into, language, query);
  // Nobody types with a remote control who need not. A tablet has no mouse either: the name of the browser tells.
  if (isTv || (isTelevisionBrowser(false) && !query.has("code")))
    return await (await import("./television.ts")).showTelevision(into, language);
  showDoors(into, language, stream);
}

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
  const change = text("button", LANGUAGES[other], "button");
  change.lang = other;
  change.addEventListener("click", () => {
    keepLanguage(other);
    // It would win over the choice.
    query.delete("lang");
    history.replaceState(null, "", `${location.pathname}?${query}`);
    location.reload();
  });
  const signIn = document.createElement("a");
  const label = isSignedIn() ? messages.yourLessons : messages.signIn;
  Object.assign(signIn, { className: "button", href: "/console", textContent: label });
  document.querySelector("header")?.append(change, signIn);
}
