/** Makes lists of addresses as large schools and suppliers have them, the same for the same seed. For tests and the benchmark. */
import { Buffer } from "node:buffer";

/** An entry, and an address in it. */
export type ListedAddress = { readonly entry: string; readonly inside: string };

/** A linear congruential generator (Numerical Recipes, section 7.1). @returns numbers of 32 bits */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The low bits of such a generator repeat soon.
    return (state ^ (state >>> 16)) >>> 0;
  };
}

/** In listed addresses it is 0, in strangers 1: the last bit of the second number of IPv4, and of the second group of IPv6. */
const STRANGER_BIT = 0x10000;
const SIX_STRANGER_BIT = 1;

/**
 * As many of IPv4 as of IPv6, and of each as many single addresses as networks. The IPv6 addresses are in 2400::/12. Networks are so small that
 * no stranger is in one.
 */
export function* listedAddresses(count: number, seed = 1): Generator<ListedAddress> {
  const next = numbersFrom(seed);
  for (let i = 0; i < count; i++) {
    const inside =
      i % 2 === 0 ? fourText(next() & ~STRANGER_BIT) : sixText(sixPrefix(next()) & ~SIX_STRANGER_BIT, next(), next(), next());
    if (i % 4 === 0 || i % 4 === 1) yield { entry: inside, inside };
    else if (i % 4 === 2) yield { entry: `${inside}/${24 + (next() % 7)}`, inside };
    else yield { entry: `${inside}/${48 + (next() % 17)}`, inside };
  }
}

/** Addresses that are in no such list, but between those that are. As many of IPv4 as of IPv6. */
export function* strangers(count: number, seed = 2): Generator<string> {
  const next = numbersFrom(seed);
  for (let i = 0; i < count; i++)
    yield i % 2 === 0 ? fourText(next() | STRANGER_BIT) : sixText(sixPrefix(next()) | SIX_STRANGER_BIT, next(), next(), next());
}

/** The file that a person would upload, in pieces as a request has them. */
export async function* listFile(entries: Iterable<ListedAddress>): AsyncGenerator<Uint8Array> {
  let text = "# a list\n";
  for (const { entry } of entries) {
    text += `${entry}\n`;
    if (text.length < 64 * 1024) continue;
    yield Buffer.from(text);
    text = "";
  }
  yield Buffer.from(text);
}

function fourText(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** The first word of an address in 2400::/12. */
function sixPrefix(number: number): number {
  return (number >>> 12) | 0x24000000;
}

function sixText(...words: readonly number[]): string {
  return words
    .flatMap((word) => [word >>> 16, word & 0xffff])
    .map((group) => group.toString(16))
    .join(":");
}
