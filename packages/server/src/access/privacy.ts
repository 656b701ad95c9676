/** Defines the words by which a table states what becomes of its columns when a person is erased, and whether they can be read on the disk. */

/**
 * erased: nothing of the person is left. by-name: holds the name of an account, which is overwritten. The others stay. school: the school's own, or an
 * operator's. figures: figures, and states of machines. acts: what was done, without who and what was said. digests: their salt goes with the name.
 * refusals: of addresses that were refused, which belong to no account, and are swept after days (`policies/refusal-log.ts`).
 */
export type Erasure = "erased" | "by-name" | "school" | "figures" | "acts" | "digests" | "refusals";

/**
 * Why a column stays readable. personal: docs/security.md says it of the column. school: what a school is, plans and teaches with. figures: figures,
 * states and ids. digests: digests, hashes, public keys, and secrets that are encrypted otherwise.
 */
export type Readable = "personal" | "school" | "figures" | "digests";

/** What a table states: one word for all its columns, or one for each that has content. */
export type Privacy = {
  readonly erasure: Erasure | { readonly [column: string]: Erasure | undefined };
  readonly atRest: Readable | { readonly [column: string]: Readable | "encrypted" | undefined };
};

/** Of a column; undefined: it states none. */
export function wordOf<Word extends string>(
  of: Word | { readonly [column: string]: Word | undefined },
  column: string,
): Word | undefined {
  return typeof of === "string" ? of : of[column];
}
