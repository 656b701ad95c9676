/**
 * Provides the first script of `/class/CODE` and `/j/CODE`, which needs few others: asks for what the page will need once the rest of its scripts has
 * come.
 */
import { preloadFlv } from "@lectern/player/flv";
import { pageLanguage } from "../page-language.ts";
import { pageSubject } from "../page-subject.ts";
import { prefetchAnswers } from "./first-answers.ts";

document.documentElement.lang = pageLanguage();
prefetchAnswers(pageSubject());
void preloadFlv();
void isStyled().then(() => import("./class.tsx"));

/** This script waits neither for the document nor for its styles. A style that does not come holds nothing up. */
async function isStyled(): Promise<void> {
  if (document.readyState === "loading") await heard(window, "DOMContentLoaded");
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].filter(({ sheet }) => sheet === null);
  if (document.readyState !== "complete")
    await Promise.race([heard(window, "load"), Promise.all(links.map((link) => heard(link, "load")))]);
}

function heard(target: EventTarget, event: string): Promise<unknown> {
  return new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));
}
