/** Starts i18next with the messages of a page. `?lang=` wins over the stored language, which wins over the browser's. */
import i18next, { type ResourceLanguage } from "i18next";
import { initReactI18next } from "react-i18next";
import { chooseLanguage, LANGUAGE_KEY, type Language } from "./language.ts";
import { keepValue, keptValue } from "./session/kept-values.ts";

export function initTranslations(messages: Readonly<Record<Language, ResourceLanguage>>): void {
  const query = new URLSearchParams(location.search);
  const language = chooseLanguage([query.get("lang"), keptValue("device", LANGUAGE_KEY), navigator.language]);
  document.documentElement.lang = language;
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: messages.en }, "zh-CN": { translation: messages["zh-CN"] } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}

/** Adds the messages of a page that another one shows. */
export function addTranslations(messages: Readonly<Record<Language, ResourceLanguage>>): void {
  for (const [language, texts] of Object.entries(messages)) i18next.addResourceBundle(language, "translation", texts, true);
}

export function changeLanguage(language: Language): void {
  keepValue("device", LANGUAGE_KEY, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
