/**
 * Lists the messages for people: a stable key with parameters, and catalogues with their English and Chinese text, one catalogue for each domain. A
 * message is resolved when the language of the reader is known. i18next interpolates `{{parameters}}` and chooses plural forms.
 */
import { createInstance } from "i18next";
import { LANGUAGES, type Language } from "./language.ts";

/** A key of a catalogue, as `domain:key`, with the values of its parameters. Plain data: it can be stored and sent. */
export type Message = { readonly key: string; readonly params: MessageParams };
export type MessageParams = Readonly<Record<string, string | number | Message | Localized>>;

/** Text from elsewhere in every language, such as from Zod's locales. */
export type Localized = Readonly<Record<Language, string>>;

/** Text for a person, in every language. */
export type Text = Message | Localized;

/** The text of one message. English may depend on the parameter `count`; Chinese has no plural forms. */
type Entry = { readonly en: string | { readonly one: string; readonly other: string }; readonly zh: string };
export type Catalogue = Readonly<Record<string, Entry>>;

/** The names between `{{` and `}}`. */
type Parameters<S> = S extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Parameters<Rest> : never;
type ParametersOf<E extends Entry> = Parameters<E["en"] extends { readonly other: infer Other } ? Other : E["en"]>;
type Arguments<E extends Entry> = [ParametersOf<E>] extends [never]
  ? []
  : [params: Readonly<Record<ParametersOf<E>, string | number | Text>>];

const translator = createInstance({
  lng: "en",
  fallbackLng: "en",
  initAsync: false,
  keySeparator: false,
  nsSeparator: ":",
  interpolation: { escapeValue: false },
  resources: { en: {}, zh: {} },
});
void translator.init();

const defined = new Map<string, Catalogue>();

/**
 * Adds a domain's catalogue. Returns the function that makes its messages; the compiler checks keys and parameters. Its `key` names a message
 * in a Zod schema, where the issue supplies the parameters (`maximum`, `minimum`, `values`).
 */
export function defineMessages<const C extends Catalogue>(domain: string, catalogue: C) {
  defined.set(domain, catalogue);
  for (const language of LANGUAGES) {
    const texts = Object.entries(catalogue).flatMap(([key, { [language]: text }]) =>
      typeof text === "string"
        ? [[key, text]]
        : [
            [`${key}_one`, text.one],
            [`${key}_other`, text.other],
          ],
    );
    translator.addResourceBundle(language, domain, Object.fromEntries(texts));
  }
  const message = <K extends keyof C & string>(key: K, ...[params]: Arguments<C[K]>): Message => ({
    key: `${domain}:${key}`,
    params: params ?? {},
  });
  return Object.assign(message, { key: (key: keyof C & string): string => `${domain}:${key}` });
}

/** All catalogues by domain, for tests. */
export function catalogues(): ReadonlyMap<string, Catalogue> {
  return defined;
}

/** Whether a string is the key of a message, which is how a Zod schema names one. */
export function isMessageKey(text: string): boolean {
  return /^[a-z-]+:[a-z-]+$/.test(text) && translator.exists(text, { lng: "en", count: 1 });
}

/** The text in a language; in English where the language has none. */
export function textIn(language: Language, text: Text): string {
  if (!isMessage(text)) return text[language];
  const params = Object.entries(text.params).map(([name, value]) => [name, isText(value) ? textIn(language, value) : value]);
  const { count } = text.params;
  return translator.t(text.key, {
    lng: language,
    replace: Object.fromEntries(params),
    ...(typeof count === "number" ? { count } : {}),
  });
}

function isText(value: string | number | Text): value is Text {
  return typeof value === "object";
}

function isMessage(text: Text): text is Message {
  return "key" in text;
}
