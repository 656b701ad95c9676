/**
 * Numbers the words of an index, so that the index has no words. Where `encryption.atRest` is on, they are blind: made by a key of the data key, without
 * which nobody can try a word. Two words may have the same number; who finds something looks at the text.
 */
import type { Db } from "../store/tables.ts";
import { cipherOf } from "./column-cipher.ts";
import { contextOf, keyIn } from "./encrypted-value.ts";

/** What the numbers in a database are made by. */
export type BlindWords = {
  /** Names the data key; empty: none, encryption is off. Numbers of another key are to be made again. */
  readonly key: string;
  readonly numberOf: (word: string) => number;
};

type Place = { readonly table: string; readonly column: string };

export function blindWords(db: Db, place: Place): BlindWords {
  const cipher = cipherOf(db);
  if (!cipher?.keys.encrypts()) return { key: "", numberOf: plainNumber };
  cipher.keys.assertFresh();
  const { box } = cipher.keys;
  const context = contextOf(place);
  return { key: keyIn(box.prefix ?? ""), numberOf: (word) => firstNumber(box.indexes(word, context)[0] ?? "") };
}

/** The numbers that a word may have in a database: also by keys before. */
export function numbersOf(db: Db, place: Place, word: string): readonly number[] {
  const cipher = cipherOf(db);
  const blind = cipher ? cipher.keys.box.indexes(word, contextOf(place)).map(firstNumber) : [];
  return [plainNumber(word), ...blind];
}

/** Of a blind index. */
function firstNumber(index: string): number {
  return Buffer.from(index, "base64url").readInt32LE(0);
}

/** FNV-1a of 32 bits, over UTF-16 units. */
function plainNumber(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash | 0;
}
