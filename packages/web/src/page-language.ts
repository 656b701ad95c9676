/** Provides the language of a page. `?lang=` wins over the one that the person has chosen, which wins over the browser's. */
import { chooseLanguage, LANGUAGE_KEY, type Language } from "./language.ts";
import { keepValue, keptValue } from "./session/kept-values.ts";

export function pageLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  return chooseLanguage([asked, keptValue("device", LANGUAGE_KEY), navigator.language]);
}

/** For this page and all others that are opened later. */
export function keepLanguage(language: Language): void {
  keepValue("device", LANGUAGE_KEY, language);
}
