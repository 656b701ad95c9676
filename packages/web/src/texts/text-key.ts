/** Types the keys of texts by the texts of all pages: a key that no page has is a type error. */
import type { TextValues } from "./translator.ts";

/** The texts of the pages, each with its English ones; `../typed-texts/` adds them. */
export interface KnownTexts {
  readonly none: { readonly en: Readonly<Record<never, string>> };
}

type Plural = "zero" | "one" | "two" | "few" | "many" | "other";
type Singular<Key extends string> = Key extends `${infer Base}_${Plural}` ? Base : Key;
type KeysOf<Texts> = Texts extends unknown
  ? { [Key in keyof Texts & string]: Texts[Key] extends string ? Singular<Key> : `${Key}.${KeysOf<Texts[Key]>}` }[keyof Texts &
      string]
  : never;

/** A key of a text of any page, without the ending of its plural. That a page has the texts it asks for is checked by `script/house-rules/page-texts.ts`. */
export type TextKey = KeysOf<KnownTexts[keyof KnownTexts]["en"]>;

/** A literal must be a key, and a template must fit one at least; what is only known to be a string is no key. */
type KnownKey<Key extends string> = [Key] extends [TextKey] ? Key : string extends Key ? never : Fitting<Key>;
type Fitting<Template extends string> = Template extends unknown
  ? Extract<TextKey, Template> extends never
    ? never
    : Template
  : never;

/** Gives the text of a key in the language of the page. */
export type Translate = <const Key extends string>(key: Key & KnownKey<Key>, values?: TextValues) => string;

/** Gives the text of the first key that has one; the last must exist. */
export type TranslateFirst = <const Key extends string>(
  keys: readonly [string, Key & KnownKey<Key>],
  values?: TextValues,
) => string;
