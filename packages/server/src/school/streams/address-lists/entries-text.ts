/**
 * Writes the entries of an address list as text, piece by piece: an uploaded list as it was uploaded, one that was fetched from its compiled ranges.
 * However long the list is, a few pieces of it are in memory.
 */
import { HEADER_BYTES, type RangeCounts, readHeader, SIX, WORD_BYTES } from "../../../access/lists/address-ranges.ts";
import { rangeText } from "../../../access/lists/range-text.ts";
import type { AddressList } from "../../foundation/store/policy-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { COMPILED_PART_BYTES, ContentReplaced, readAddressListPart, readText } from "./stored-lists.ts";

/** Written in one turn: less than a millisecond. */
const RANGES_PER_PIECE = 512;

/** @throws ContentReplaced where a newer version takes its place while it is read */
export async function* entriesOf(db: Database, { id, source, content_version: version }: AddressList): AsyncGenerator<Uint8Array> {
  if (version === 0) return;
  if (source === "entries") yield* readText(db, id, version);
  else yield* compiledText(partReader(db, id, version));
}

/** Reads a part of a compiled list, from 0. */
type ReadPart = (n: number) => Promise<Uint8Array>;

/** @param readPart of the compiled list; asked twice, because first and last addresses are in different places */
export async function* compiledText(readPart: ReadPart): AsyncGenerator<Uint8Array> {
  const { four, six }: RangeCounts = readHeader(Uint8Array.from((await readPart(0)).subarray(0, HEADER_BYTES)));
  const begin = HEADER_BYTES / WORD_BYTES;
  yield* rangesText(readPart, { begin, count: four, size: 1 });
  yield* rangesText(readPart, { begin: begin + 2 * four, count: six, size: SIX });
}

type Ranges = {
  /** The word at which the first addresses begin; the last ones follow them. */
  readonly begin: number;
  readonly count: number;
  /** Words of an address. */
  readonly size: number;
};

async function* rangesText(readPart: ReadPart, { begin, count, size }: Ranges): AsyncGenerator<Uint8Array> {
  const [firsts, lasts] = [wordReader(readPart), wordReader(readPart)];
  for (let from = 0; from < count; from += RANGES_PER_PIECE) {
    const ranges = Math.min(RANGES_PER_PIECE, count - from);
    const first = await firsts(begin + from * size, ranges * size);
    const last = await lasts(begin + (count + from) * size, ranges * size);
    const words = (of: readonly number[], i: number) => of.slice(i * size, (i + 1) * size);
    const lines = Array.from({ length: ranges }, (_, i) => `${rangeText(words(first, i), words(last, i))}\n`);
    yield Buffer.from(lines.join(""));
  }
}

/** Reads words of a compiled list in ascending order, and holds the part that they are in. */
function wordReader(readPart: ReadPart): (from: number, count: number) => Promise<number[]> {
  const perPart = COMPILED_PART_BYTES / WORD_BYTES;
  let held: { readonly n: number; readonly words: Uint32Array } | null = null;
  return async (from, count) => {
    const words: number[] = [];
    while (words.length < count) {
      const at = from + words.length;
      const n = Math.floor(at / perPart);
      if (held?.n !== n) held = { n, words: wordsOf(await readPart(n)) };
      const part = held.words.subarray(at % perPart, (at % perPart) + count - words.length);
      if (part.length === 0) throw new RangeError("the list of addresses is cut short");
      words.push(...part);
    }
    return words;
  };
}

/** The database's bytes may begin anywhere in their buffer. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const copy = Uint8Array.from(bytes);
  return new Uint32Array(copy.buffer, 0, Math.floor(copy.byteLength / WORD_BYTES));
}

function partReader(db: Database, listId: string, version: number): ReadPart {
  return async (n) => {
    const part = await readAddressListPart(db, listId, version, n);
    if (!part) throw new ContentReplaced(`${listId} ${version}`);
    return part.bytes;
  };
}
