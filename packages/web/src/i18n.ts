/** The languages of the pages: English and Chinese, by the browser, by `?lang=`, or as somebody has chosen before. */
import i18next, { type i18n, type ResourceLanguage } from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = { en: "English", "zh-CN": "中文" } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = "lectern.language";

export function preferredLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem(KEY) ?? navigator.language;
  return asked.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

/** Starts with a page's own words. */
export function initTranslations(words: Readonly<Record<Language, ResourceLanguage>>): i18n {
  const language = preferredLanguage();
  document.documentElement.lang = language;
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: words.en }, "zh-CN": { translation: words["zh-CN"] } },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return i18next;
}

export function changeLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

export function formatDateTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}
