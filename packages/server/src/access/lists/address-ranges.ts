/**
 * Looks addresses up in a compiled list: sorted ranges that do not overlap, in one piece of memory, which is also the file.
 *
 * Ranges rather than a tree of prefixes: a range takes 8 bytes (IPv4) or 32 (IPv6), a node of a tree with its pointers at least twice as much, and
 * a million of them would be objects for the garbage collector. A list is one allocation, needs nothing but a check when it is loaded, and is never
 * changed in place: another version is another list, so a lookup sees one version or the other. Twenty steps find an address among a million.
 *
 * The file has words of 32 bits in the byte order of the processor, which is the same on every machine that the server is built for; the magic
 * number is another one where it is not.
 *
 *     word 0      MAGIC ("LLST")
 *     word 1      VERSION
 *     word 2      entries: how many addresses, networks and ranges the list was compiled from
 *     word 3      n: ranges of IPv4
 *     word 4      m: ranges of IPv6
 *     n words     first addresses of IPv4, ascending
 *     n words     last addresses of IPv4
 *     4·m words   first addresses of IPv6, ascending; of each, the most significant word first
 *     4·m words   last addresses of IPv6
 *
 * IPv4-mapped IPv6 addresses (`::ffff:1.2.3.4`) are IPv4 addresses here.
 */
import { setImmediate } from "node:timers/promises";
import { MAPPED_PREFIX, readAddress } from "../../platform/address-text.ts";

/** The bytes "LLST" of a little-endian processor. */
const MAGIC = 0x54534c4c;
const VERSION = 1;
const HEADER_WORDS = 5;
export const WORD_BYTES = 4;
/** Words of an IPv6 address. */
export const SIX = 4;
export const HEADER_BYTES = HEADER_WORDS * WORD_BYTES;
/** Ranges that are checked before other work of the process has its turn: less than a millisecond, also before V8 has optimized the code. */
const RANGES_PER_SLICE = 4096;

export const WRONG_LENGTH = "the list of addresses is cut short or too long";

/** How many there are of each. */
export type RangeCounts = { readonly entries: number; readonly four: number; readonly six: number };

/** The parts of a list's memory. */
export type RangeWords = {
  readonly fourFirst: Uint32Array;
  readonly fourLast: Uint32Array;
  readonly sixFirst: Uint32Array;
  readonly sixLast: Uint32Array;
};

// One lookup at a time uses it: nothing in a lookup waits.
const address = new Uint32Array(SIX);

export class AddressRanges {
  /** How many addresses, networks and ranges the list was compiled from. */
  readonly entries: number;
  /** How many ranges are left of them, because those that overlap or adjoin are one. */
  readonly ranges: number;
  private readonly fourFirst: Uint32Array;
  private readonly fourLast: Uint32Array;
  private readonly sixFirst: Uint32Array;
  private readonly sixLast: Uint32Array;

  private constructor({ entries, four, six }: RangeCounts, words: RangeWords) {
    this.entries = entries;
    this.ranges = four + six;
    this.fourFirst = words.fourFirst;
    this.fourLast = words.fourLast;
    this.sixFirst = words.sixFirst;
    this.sixLast = words.sixLast;
  }

  /**
   * Checks a file, in slices between which other work has its turn. The list uses the memory of the file, which nobody may change afterwards.
   *
   * @param bytes begin at a multiple of four in their buffer
   * @throws RangeError where it is not such a file, is cut short, or its ranges are not in order
   */
  static async read(bytes: Uint8Array): Promise<AddressRanges> {
    const counts = readHeader(bytes);
    if (bytes.byteLength !== fileBytes(counts)) throw new RangeError(WRONG_LENGTH);
    const words = rangeWords(bytes, counts);
    await checkOrder(words.fourFirst, words.fourLast, 1);
    await checkOrder(words.sixFirst, words.sixLast, SIX);
    return new AddressRanges(counts, words);
  }

  /** A list whose ranges are known to be in order. @param bytes as for `read` */
  static sorted(bytes: Uint8Array): AddressRanges {
    const counts = readHeader(bytes);
    return new AddressRanges(counts, rangeWords(bytes, counts));
  }

  /** @param ip text of an address; what is none is in no list */
  has(ip: string): boolean {
    const version = readAddress(ip, 0, ip.length, address);
    if (version === 4) return this.hasFour(0);
    if (version !== 6) return false;
    const isMapped = address[0] === 0 && address[1] === 0 && address[2] === MAPPED_PREFIX;
    return isMapped ? this.hasFour(SIX - 1) : this.hasSix();
  }

  /** @param word which word of the address it is; as an argument, a number above 2³¹ would be an object */
  private hasFour(word: number): boolean {
    const value = address[word] ?? 0;
    const first = this.fourFirst;
    let low = 0;
    let high = first.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((first[middle] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return low > 0 && value <= (this.fourLast[low - 1] ?? 0);
  }

  private hasSix(): boolean {
    const first = this.sixFirst;
    let low = 0;
    let high = first.length / SIX;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareWords(first, middle * SIX, address, 0, SIX) <= 0) low = middle + 1;
      else high = middle;
    }
    return low > 0 && compareWords(address, 0, this.sixLast, (low - 1) * SIX, SIX) <= 0;
  }
}

/**
 * Reads how long a file has to be, before the rest of it is read.
 *
 * @throws RangeError where it is not the beginning of such a file
 */
export function readHeader(bytes: Uint8Array): RangeCounts {
  if (bytes.byteOffset % WORD_BYTES !== 0) throw new RangeError("the list of addresses does not begin at a multiple of four");
  if (bytes.byteLength < HEADER_BYTES) throw new RangeError(WRONG_LENGTH);
  const [magic, version, entries = 0, four = 0, six = 0] = new Uint32Array(bytes.buffer, bytes.byteOffset, HEADER_WORDS);
  if (magic !== MAGIC) throw new RangeError("this is not a compiled list of addresses");
  if (version !== VERSION) throw new RangeError(`version ${version} of the format is not known`);
  return { entries, four, six };
}

/** Writes the beginning of a file. @returns its words, to be filled with ranges in ascending order that do not overlap */
export function writeHeader(bytes: Uint8Array, counts: RangeCounts): RangeWords {
  const { entries, four, six } = counts;
  new Uint32Array(bytes.buffer, bytes.byteOffset, HEADER_WORDS).set([MAGIC, VERSION, entries, four, six]);
  return rangeWords(bytes, counts);
}

/** The length of a file. */
export function fileBytes({ four, six }: RangeCounts): number {
  return HEADER_BYTES + 2 * WORD_BYTES * (four + SIX * six);
}

function rangeWords(bytes: Uint8Array, { four, six }: RangeCounts): RangeWords {
  let at = bytes.byteOffset + HEADER_BYTES;
  const next = (words: number): Uint32Array => {
    const part = new Uint32Array(bytes.buffer, at, words);
    at += part.byteLength;
    return part;
  };
  return { fourFirst: next(four), fourLast: next(four), sixFirst: next(SIX * six), sixLast: next(SIX * six) };
}

/** @param size words of an address */
async function checkOrder(first: Uint32Array, last: Uint32Array, size: number): Promise<void> {
  const ranges = first.length / size;
  for (let begin = 0; begin < ranges; begin += RANGES_PER_SLICE) {
    const end = Math.min(ranges, begin + RANGES_PER_SLICE);
    if (!isInOrder(first, last, size, begin, end)) throw new RangeError("the ranges of the list of addresses are not in order");
    await setImmediate();
  }
}

function isInOrder(first: Uint32Array, last: Uint32Array, size: number, begin: number, end: number): boolean {
  for (let i = begin; i < end; i++) {
    const at = i * size;
    if (compareWords(first, at, last, at, size) > 0) return false;
    if (i > 0 && compareWords(last, at - size, first, at, size) >= 0) return false;
  }
  return true;
}

/** Compares two addresses of `size` words. @returns less than 0, 0, or more than 0 */
export function compareWords(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number, size: number): number {
  for (let i = 0; i < size; i++) {
    const left = a[aAt + i] ?? 0;
    const right = b[bAt + i] ?? 0;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
