/** Starts i18next with the messages of a page, in the page's language. */
import i18next, { type ResourceLanguage } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "./language.ts";
import { keepLanguage, pageLanguage } from "./page-language.ts";

export function initTranslations(messages: Readonly<Record<Language, ResourceLanguage>>): void {
  const language = pageLanguage();
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
  keepLanguage(language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
