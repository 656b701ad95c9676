/** Gives a page its texts, in the language that its person has chosen. */
import type { Language } from "./language.ts";
import { keepLanguage, pageLanguage } from "./page-language.ts";
import type { Catalogue } from "./texts/translator.ts";
import { addTexts, showTexts } from "./texts/use-translation.ts";

/** Before the page shows something. */
export function initTranslations(messages: Catalogue): void {
  addTexts(messages);
  show(pageLanguage());
}

/** Adds the messages of a page that another one shows. What is there stays. */
export function addTranslations(messages: Catalogue): void {
  addTexts(messages);
}

export function changeLanguage(language: Language): void {
  keepLanguage(language);
  show(language);
}

function show(language: Language): void {
  document.documentElement.lang = language;
  showTexts(language);
}
