/** Provides the languages of the pages. */

export const LANGUAGES = { en: "English", "zh-CN": "中文" } as const;
export type Language = keyof typeof LANGUAGES;

/** The texts of a part of the pages: every key in both languages. A translator works in the `….en.json` and `….zh-CN.json` beside it. */
export type Messages<Texts> = Readonly<Record<Language, Texts>>;

/** Holds the language that a person has chosen. */
export const LANGUAGE_KEY = "lectern.language";

/** The language of the first candidate that is set; English for other languages than these two. */
export function chooseLanguage(candidates: readonly (string | null)[]): Language {
  const tag = candidates.find((candidate) => candidate !== null) ?? "en";
  return tag.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export function otherLanguage(language: string): Language {
  return language === "en" ? "zh-CN" : "en";
}

/** @param iso an instant in ISO 8601; shown in the browser's time zone */
export function formatDateTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}
