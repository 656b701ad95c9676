/** Defines types of the tables that lessons are searched by, for Kysely. */

import type { Json } from "./column-types.ts";

export const SEARCHED = ["transcript", "chat", "question", "slide", "board"] as const;
export type Searched = (typeof SEARCHED)[number];

/** What can be found, with its place in the lesson. */
export type SearchedLine = {
  /** What it is made of: of a line its ref, of a slide `MATERIAL/PAGE`, of a text on the board its page and id. */
  readonly ref: string;
  /** When it was said, written or shown, from and until, milliseconds since 1970. Only slides have an end, and are shown several times. */
  readonly shown: readonly (readonly [from: number, until: number | null])[];
  readonly text: string;
};

/** Some lines of one kind that follow each other. */
export type SearchBlockTable = {
  readonly lesson_id: string;
  readonly n: number;
  readonly kind: Searched;
  /** Of all lines, as numbers (`encryption/blind-words.ts`). */
  readonly words: readonly number[];
  readonly lines: Json<readonly SearchedLine[]>;
  /** The data key that the numbers are made by; empty: none. */
  readonly data_key: string;
};

export type SearchTables = { readonly search_blocks: SearchBlockTable };
