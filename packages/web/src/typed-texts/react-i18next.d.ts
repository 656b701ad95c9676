/**
 * Declares what the pages use of react-i18next, typed by their texts: a key that no page has is a type error. The pages' `tsconfig.json` names this file in
 * place of the library's own types.
 */
import type { i18n, ThirdPartyModule } from "i18next";
import type { DRAWING_MESSAGES } from "../board/drawing/messages.ts";
import type { BOARD_MESSAGES } from "../board/messages.ts";
import type { TEACHER_BOARD_MESSAGES } from "../board/teacher/messages.ts";
import type { CHECK_IN_MESSAGES } from "../check-in/messages.ts";
import type { CLASS_MESSAGES } from "../class/messages.ts";
import type { ROOM_MESSAGES } from "../class/room/messages.ts";
import type { REPLAY_MESSAGES } from "../class/room/replay/messages.ts";
import type { CONSOLE_MESSAGES } from "../console/messages/messages.ts";
import type { CONSOLE_PAGE_MESSAGES } from "../console/messages/pages.ts";
import type { LTI_MESSAGES } from "../lti/messages.ts";
import type { NOT_FOUND_MESSAGES } from "../not-found/messages.ts";
import type { RESET_MESSAGES } from "../reset/messages.ts";
import type { SIGN_ON_MESSAGES } from "../sign-on/messages.ts";
import type { STAGE_MESSAGES } from "../stage/messages.ts";
import type { STUDIO_MESSAGES } from "../studio/messages.ts";
import type { WATCH_MESSAGES } from "../watch/messages.ts";

type Pages = [
  typeof DRAWING_MESSAGES,
  typeof BOARD_MESSAGES,
  typeof TEACHER_BOARD_MESSAGES,
  typeof CHECK_IN_MESSAGES,
  typeof CLASS_MESSAGES,
  typeof ROOM_MESSAGES,
  typeof REPLAY_MESSAGES,
  typeof CONSOLE_MESSAGES,
  typeof CONSOLE_PAGE_MESSAGES,
  typeof LTI_MESSAGES,
  typeof NOT_FOUND_MESSAGES,
  typeof RESET_MESSAGES,
  typeof SIGN_ON_MESSAGES,
  typeof STAGE_MESSAGES,
  typeof STUDIO_MESSAGES,
  typeof WATCH_MESSAGES,
];

type Plural = "zero" | "one" | "two" | "few" | "many" | "other";
type Singular<Key extends string> = Key extends `${infer Base}_${Plural}` ? Base : Key;
type KeysOf<Texts> = Texts extends unknown
  ? { [Key in keyof Texts & string]: Texts[Key] extends string ? Singular<Key> : `${Key}.${KeysOf<Texts[Key]>}` }[keyof Texts &
      string]
  : never;

/** A key of a text of any page, without the ending of its plural. That a page has the texts it asks for is checked by `messages.test.ts`. */
export type TextKey = KeysOf<Pages[number]["en"]>;

/** A literal must be a key, and a template must fit one at least; what is only known to be a string is no key. */
type KnownKey<Key extends string> = [Key] extends [TextKey] ? Key : string extends Key ? never : Fitting<Key>;
type Fitting<Template extends string> = Template extends unknown
  ? Extract<TextKey, Template> extends never
    ? never
    : Template
  : never;

type TextValues = Readonly<Record<string, unknown>>;

/** Gives the text of a key in the language of the page. */
export type Translate = <const Key extends string>(key: Key & KnownKey<Key>, values?: TextValues) => string;

/** Gives the text of the first key that has one; the last must exist. */
type TranslateFirst = <const Key extends string>(keys: readonly [string, Key & KnownKey<Key>], values?: TextValues) => string;

export const initReactI18next: ThirdPartyModule;

export function useTranslation(): { readonly t: Translate & TranslateFirst; readonly i18n: i18n };
