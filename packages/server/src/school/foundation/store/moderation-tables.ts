/** Defines types of the tables of word lists and content checks, for Kysely. */
import type { Generated, Selectable } from "kysely";
import type { Created } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** mask: the words become asterisks. hold: a teacher decides. refuse: the text is sent back. The later, the stricter. */
export const WORD_ACTIONS = ["mask", "hold", "refuse"] as const;
export type WordAction = (typeof WORD_ACTIONS)[number];

type WordListTable = {
  readonly id: string;
  readonly school_id: string;
  name: string;
  action: WordAction;
  /** Whether signs between the letters of a word are overlooked. */
  skips_signs: boolean;
  enabled: boolean;
  /** One in each line. */
  words: string;
  word_count: number;
  readonly created_at: Created;
  version: Generated<number>;
};

/** What a school has checked by a service of its own. */
export const CHECK_KINDS = ["text", "picture"] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

type ContentCheckTable = {
  readonly id: string;
  readonly school_id: string;
  readonly kind: CheckKind;
  url: string;
  /** Encrypted (`stored-secrets.ts`). */
  secret: string;
  deadline_ms: number;
  /** What holds for a text where there is no answer in time. */
  fallback: "pass" | "hold" | "refuse";
  /** Of pictures. */
  interval_seconds: number;
  enabled: boolean;
  readonly created_at: Created;
  version: Generated<number>;
};

export type ModerationTables = { readonly word_lists: WordListTable; readonly content_checks: ContentCheckTable };

export type WordList = Selectable<WordListTable>;
export type ContentCheck = Selectable<ContentCheckTable>;

export const MODERATION_PRIVACY = {
  word_lists: { erasure: "school", atRest: "school" },
  content_checks: { erasure: "school", atRest: "school" },
} as const satisfies PrivacyOf<ModerationTables>;
