/** Provides the texts of a page to React, in the page's language. It knows no page: `../i18n.ts` gives it texts and language. */
import { useSyncExternalStore } from "react";
import type { Translate, TranslateFirst } from "./text-key.ts";
import { type Catalogue, type Translator, translator } from "./translator.ts";

export type { TextKey, Translate } from "./text-key.ts";

type Translation = {
  readonly t: Translate & TranslateFirst;
  readonly i18n: Pick<Translator, "language" | "exists">;
};

const catalogues: Catalogue[] = [];
const listeners = new Set<() => void>();
let current = translationTo("en");

/** Adds texts. Those that are there stay. */
export function addTexts(texts: Catalogue): void {
  catalogues.push(texts);
}

/** Shows the texts in a language. @param language a tag of BCP 47, which the catalogues have */
export function showTexts(language: string): void {
  current = translationTo(language);
  for (const listener of listeners) listener();
}

/** The same object, and the same functions, until the language changes. */
export function useTranslation(): Translation {
  return useSyncExternalStore(subscribe, () => current);
}

function translationTo(language: string): Translation {
  const { t, exists } = translator(language, catalogues);
  return { t, i18n: { language, exists } };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
