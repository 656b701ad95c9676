/** Types of the tables of word lists and external checks, for Kysely. */
import type { Generated, Selectable } from "kysely";
import type { Created } from "../../store/column-types.ts";
import type { CheckAnswer, CheckKind } from "./external/check-answer.ts";
import type { WordAction } from "./words/word-matcher.ts";

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

type ContentCheckTable = {
  readonly id: string;
  readonly school_id: string;
  readonly kind: CheckKind;
  url: string;
  /** Encrypted (`stored-secrets.ts`). */
  secret: string;
  deadline_ms: number;
  /** What holds where there is no answer in time. */
  fallback: Exclude<CheckAnswer, "mask">;
  /** Of pictures. */
  interval_seconds: number;
  enabled: boolean;
  readonly created_at: Created;
  version: Generated<number>;
};

export type ModerationTables = { readonly word_lists: WordListTable; readonly content_checks: ContentCheckTable };

export type WordList = Selectable<WordListTable>;
export type ContentCheck = Selectable<ContentCheckTable>;
