/**
 * Gives texts in a language: finds them by their key, chooses the form of a number, and puts values in.
 *
 * The catalogues are those of i18next in JSON (https://www.i18next.com/misc/json-format): nested objects whose keys are joined by dots, `{{name}}` for a
 * value, and `KEY_one`, `KEY_other` for the plural categories of CLDR. No page needs more of it, and the library is a tenth of the class page.
 */

/** Texts by their key; an object stands for keys that begin alike. */
export type Texts = { readonly [key: string]: string | Texts };
/** The texts of a part of the pages, by their languages. */
export type Catalogue = Readonly<Record<string, object>>;

/** What a text is given: `count` chooses its plural, `defaultValue` stands in for a text that is not there, the others are put in by their names. */
export type TextValues = Readonly<Record<string, unknown>>;

export type Translator = {
  readonly language: string;
  /** @param keys the first that has a text counts. The last one itself is the text where none has, and there is no `defaultValue` */
  readonly t: (keys: string | readonly string[], values?: TextValues) => string;
  readonly exists: (key: string) => boolean;
};

/** Has every text: the page's other language is only shown to those who choose it. */
const FALLBACK = "en";

/** @param catalogues of the page, in the order in which they count; more may come */
export function translator(language: string, catalogues: readonly Catalogue[]): Translator {
  const plurals = new Intl.PluralRules(language);
  const find = (key: string): string | null => {
    for (const tag of [language, FALLBACK])
      for (const catalogue of catalogues) {
        const text = textAt(catalogue[tag], key);
        if (text !== null) return text;
      }
    return null;
  };
  const formOf = (key: string, { count }: TextValues): string | null =>
    (typeof count === "number" ? find(`${key}_${plurals.select(count)}`) : null) ?? find(key);
  return {
    language,
    exists: (key) => find(key) !== null,
    t: (keys, values = {}) => {
      const asked = typeof keys === "string" ? [keys] : keys;
      for (const key of asked) {
        const text = formOf(key, values);
        if (text !== null) return withValues(text, values);
      }
      const { defaultValue } = values;
      return typeof defaultValue === "string" ? withValues(defaultValue, values) : (asked.at(-1) ?? "");
    },
  };
}

function textAt(texts: object | undefined, key: string): string | null {
  let found: unknown = texts;
  for (const name of key.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return null;
    found = (found as Texts)[name];
  }
  return typeof found === "string" ? found : null;
}

/** React escapes what it renders. */
function withValues(text: string, values: TextValues): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ""));
}
