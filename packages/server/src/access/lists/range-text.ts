/** Writes ranges of addresses as text: a network where the range is one, else `FIRST-LAST`. IPv6 is written as RFC 5952 section 4 wants it. */

const BITS = 32;
const GROUP_BITS = 16;
const GROUP_MASK = 0xffff;

/**
 * A range as a line that a list of addresses can have.
 * @param first of one word (IPv4) or four (IPv6), the most significant first; `last` has as many
 */
export function rangeText(first: readonly number[], last: readonly number[]): string {
  const bits = first.length * BITS;
  const prefix = prefixOf(first, last);
  if (prefix === null) return `${addressText(first)}-${addressText(last)}`;
  return prefix === bits ? addressText(first) : `${addressText(first)}/${prefix}`;
}

export function addressText(words: readonly number[]): string {
  const [four = 0] = words;
  return words.length === 1 ? [24, 16, 8, 0].map((shift) => (four >>> shift) & 0xff).join(".") : sixText(words);
}

/** The length of the network's prefix; null: the range is no network. */
function prefixOf(first: readonly number[], last: readonly number[]): number | null {
  let prefix = 0;
  let isHost = false;
  for (let i = 0; i < first.length; i++) {
    const from = (first[i] ?? 0) >>> 0;
    const differing = (from ^ (last[i] ?? 0)) >>> 0;
    const same = Math.clz32(differing);
    // Behind the prefix, all bits of the first address are 0, and all of the last are 1.
    const wanted = isHost ? 2 ** BITS - 1 : 2 ** (BITS - same) - 1;
    if (differing !== wanted || (from & differing) !== 0) return null;
    if (isHost) continue;
    prefix += same;
    isHost = same < BITS;
  }
  return prefix;
}

function sixText(words: readonly number[]): string {
  const groups = words.flatMap((word) => [word >>> GROUP_BITS, word & GROUP_MASK]);
  const zeros = longestZeros(groups);
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (zeros.length < 2) return text(groups);
  return `${text(groups.slice(0, zeros.from))}::${text(groups.slice(zeros.from + zeros.length))}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(groups: readonly number[]): { readonly from: number; readonly length: number } {
  let longest = { from: 0, length: 0 };
  for (let from = 0; from < groups.length; from++) {
    let end = from;
    while (groups[end] === 0) end++;
    if (end - from > longest.length) longest = { from, length: end - from };
    from = end;
  }
  return longest;
}
