/** Collects ranges of addresses in any order, and writes them as a compiled list: sorted, with those that overlap or adjoin as one. */

import { MAPPED_PREFIX } from "../../platform/address-text.ts";
import { compareWords, fileBytes, SIX, writeHeader } from "./address-ranges.ts";

const DIGITS = 0x10000;
/** Digits of 16 bits in an IPv6 address. */
const SIX_DIGITS = 8;
const PAIR = 2;
const BOTH = 2 * SIX;
const FIRST_CAPACITY = 1024;
const ALL_ONES = 0xffffffff;

/** First addresses of the block of IPv4-mapped addresses, and last ones. */
const MAPPED_FIRST = Uint32Array.of(0, 0, MAPPED_PREFIX, 0);
const MAPPED_LAST = Uint32Array.of(0, 0, MAPPED_PREFIX, ALL_ONES);

export class RangeCollector {
  /**
   * The last and the first address of each range of IPv4: on a little-endian processor they are one number of 64 bits, which sorts by the first
   * address. The format knows no other processors.
   */
  private four = new Uint32Array(FIRST_CAPACITY * PAIR);
  private fourCount = 0;
  /** The four words of the first address of each range of IPv6, and the four of the last. */
  private six = new Uint32Array(FIRST_CAPACITY * BOTH);
  private sixCount = 0;
  private entryCount = 0;

  get entries(): number {
    return this.entryCount;
  }

  /** @param range the words of the first address and of the last, which is not below it: one each for IPv4, four each for IPv6 */
  add(version: 4 | 6, range: Uint32Array): void {
    this.entryCount++;
    if (version === 4) this.addFour(range[0] ?? 0, range[1] ?? 0);
    else this.addSix(range);
  }

  /** @returns the file, and how many ranges it has */
  finish(): { readonly bytes: Uint8Array<ArrayBuffer>; readonly ranges: number } {
    const pairs = this.sortedFour();
    const order = sortedSix(this.six, this.sixCount);
    const four = mergeFour(pairs);
    const six = mergeSix(this.six, order);
    const counts = { entries: this.entryCount, four: four.length / PAIR, six: six.length };
    const bytes = new Uint8Array(fileBytes(counts));
    const words = writeHeader(bytes, counts);
    for (let i = 0; i < counts.four; i++) {
      words.fourLast[i] = four[i * PAIR] ?? 0;
      words.fourFirst[i] = four[i * PAIR + 1] ?? 0;
    }
    for (let i = 0; i < counts.six; i++) {
      const at = (six[i] ?? 0) * BOTH;
      words.sixFirst.set(this.six.subarray(at, at + SIX), i * SIX);
      words.sixLast.set(this.six.subarray(at + SIX, at + BOTH), i * SIX);
    }
    return { bytes, ranges: counts.four + counts.six };
  }

  private addFour(first: number, last: number): void {
    this.four = withRoom(this.four, this.fourCount * PAIR, PAIR);
    this.four[this.fourCount * PAIR] = last;
    this.four[this.fourCount * PAIR + 1] = first;
    this.fourCount++;
  }

  /**
   * An IPv6 network contains the IPv4 addresses that are mapped into it, as in `BlockList` of node:net: `::/0` contains all.
   */
  private addSix(range: Uint32Array): void {
    const startsBelow = compareWords(range, 0, MAPPED_FIRST, 0, SIX) < 0;
    const endsAbove = compareWords(range, SIX, MAPPED_LAST, 0, SIX) > 0;
    const startsBefore = compareWords(range, 0, MAPPED_LAST, 0, SIX) <= 0;
    const endsAfter = compareWords(range, SIX, MAPPED_FIRST, 0, SIX) >= 0;
    if (startsBefore && endsAfter)
      this.addFour(startsBelow ? 0 : (range[SIX - 1] ?? 0), endsAbove ? ALL_ONES : (range[BOTH - 1] ?? 0));
    if (!startsBelow && !endsAbove && startsBefore && endsAfter) return;
    this.six = withRoom(this.six, this.sixCount * BOTH, BOTH);
    for (let i = 0; i < BOTH; i++) this.six[this.sixCount * BOTH + i] = range[i] ?? 0;
    this.sixCount++;
  }

  private sortedFour(): Uint32Array {
    new BigUint64Array(this.four.buffer, 0, this.fourCount).sort();
    return this.four.subarray(0, this.fourCount * PAIR);
  }
}

function withRoom(words: Uint32Array<ArrayBuffer>, used: number, more: number): Uint32Array<ArrayBuffer> {
  return used + more <= words.length ? words : new Uint32Array(words.buffer.transfer(words.byteLength * 2));
}

/** Merges sorted ranges in their own memory. */
function mergeFour(pairs: Uint32Array): Uint32Array {
  let count = 0;
  for (let i = 0; i < pairs.length; i += PAIR) {
    const [last, first] = [pairs[i] ?? 0, pairs[i + 1] ?? 0];
    const before = (count - 1) * PAIR;
    const lastBefore = pairs[before] ?? 0;
    if (count > 0 && first <= lastBefore + 1) {
      if (last > lastBefore) pairs[before] = last;
      continue;
    }
    pairs[count * PAIR] = last;
    pairs[count * PAIR + 1] = first;
    count++;
  }
  return pairs.subarray(0, count * PAIR);
}

/**
 * Sorts the numbers of ranges by the first address: a radix sort with digits of 16 bits, the least significant first. A sort with a function that
 * compares would take several times as long.
 */
function sortedSix(words: Uint32Array, count: number): Uint32Array {
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let sorted = new Uint32Array(count);
  const ends = new Uint32Array(DIGITS);
  for (let digit = SIX_DIGITS - 1; digit >= 0; digit--) {
    const shift = digit % 2 === 0 ? 16 : 0;
    const digitOf = (range: number): number => ((words[range * BOTH + (digit >> 1)] ?? 0) >>> shift) & (DIGITS - 1);
    ends.fill(0);
    for (let i = 0; i < count; i++) ends[digitOf(i)] = (ends[digitOf(i)] ?? 0) + 1;
    for (let i = 1; i < DIGITS; i++) ends[i] = (ends[i] ?? 0) + (ends[i - 1] ?? 0);
    for (let i = count - 1; i >= 0; i--) {
      const range = order[i] ?? 0;
      const place = (ends[digitOf(range)] ?? 0) - 1;
      ends[digitOf(range)] = place;
      sorted[place] = range;
    }
    [order, sorted] = [sorted, order];
  }
  return order;
}

/** Merges ranges in their own memory. @returns the numbers of those that are left */
function mergeSix(words: Uint32Array, order: Uint32Array): Uint32Array {
  let count = 0;
  for (const range of order) {
    const at = range * BOTH;
    const before = (order[count - 1] ?? 0) * BOTH + SIX;
    if (count > 0 && !isBeyond(words, before, at)) {
      if (compareWords(words, at + SIX, words, before, SIX) > 0) words.copyWithin(before, at + SIX, at + BOTH);
      continue;
    }
    order[count++] = range;
  }
  return order.subarray(0, count);
}

/** Whether a range begins more than one address after the last address of another. */
function isBeyond(words: Uint32Array, lastAt: number, firstAt: number): boolean {
  if (compareWords(words, firstAt, words, lastAt, SIX) <= 0) return false;
  // One more than the last address, from the least significant word to the most.
  for (let i = SIX - 1; i >= 0; i--) {
    const [last, first] = [words[lastAt + i] ?? 0, words[firstAt + i] ?? 0];
    if (first !== (last + 1) >>> 0) return true;
    if (last !== ALL_ONES) return compareWords(words, firstAt, words, lastAt, i) !== 0;
  }
  return true;
}
