/** Provides the languages of messages, and which one a request prefers (RFC 9110, section 12.5.4). */

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The preferred one of the languages that exist. Default: English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? "").split(",").map((item) => {
    const [tag = "", ...parameters] = item.trim().toLowerCase().split(";");
    const q = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find((value) => value !== undefined);
    return { language: LANGUAGES.find((language) => tag.startsWith(language)), q: q === undefined ? 1 : Number(q) };
  });
  const best = wanted.filter(({ language, q }) => language !== undefined && q > 0).sort((a, b) => b.q - a.q)[0];
  return best?.language ?? "en";
}
