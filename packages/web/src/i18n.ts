/** Provides the texts of a page to React, in the page's language. */
import { useSyncExternalStore } from "react";
import type { Language } from "./language.ts";
import { keepLanguage, pageLanguage } from "./page-language.ts";
import type { Translate, TranslateFirst } from "./texts/text-key.ts";
import { type Catalogue, type Translator, translator } from "./texts/translator.ts";

export type { TextKey, Translate } from "./texts/text-key.ts";

type Translation = {
  readonly t: Translate & TranslateFirst;
  readonly i18n: Pick<Translator, "language" | "exists">;
};

const catalogues: Catalogue[] = [];
const listeners = new Set<() => void>();
let current = translationTo("en");

/** Before the page shows something. */
export function initTranslations(messages: Catalogue): void {
  catalogues.unshift(messages);
  use(pageLanguage());
}

/** Adds the messages of a page that another one shows. What is there stays. */
export function addTranslations(messages: Catalogue): void {
  catalogues.push(messages);
}

export function changeLanguage(language: Language): void {
  keepLanguage(language);
  use(language);
}

/** The same object, and the same functions, until the language changes. */
export function useTranslation(): Translation {
  return useSyncExternalStore(subscribe, () => current);
}

function use(language: Language): void {
  document.documentElement.lang = language;
  current = translationTo(language);
  for (const listener of listeners) listener();
}

function translationTo(language: Language): Translation {
  const { t, exists } = translator(language, catalogues);
  return { t, i18n: { language, exists } };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
