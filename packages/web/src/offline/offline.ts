/**
 * Provides the offline page: shown while the server cannot be reached. It polls the server and reloads the requested page. It must share no built
 * file with other pages, because the service worker caches all files of it.
 */
import { OFFLINE_MESSAGES } from "./messages.ts";

const POLL_MS = 4000;

const language = (localStorage.getItem("lectern.language") ?? navigator.language).startsWith("zh") ? "zh-CN" : "en";
const { title, hint, retry } = OFFLINE_MESSAGES[language];
document.documentElement.lang = language;
document.title = title;
setText("h1", title);
setText("p", hint);
setText("button", retry).addEventListener("click", () => location.reload());
addEventListener("online", () => location.reload());
setInterval(async () => {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}, POLL_MS);

function setText(selector: string, text: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector) ?? document.body;
  element.textContent = text;
  return element;
}
