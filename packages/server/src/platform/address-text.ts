/**
 * Parses the text of IPv4 and IPv6 addresses into numbers, without an object for each. The forms are those of inet_pton(3): RFC 4291 section 2.2
 * for IPv6, and four decimal numbers without leading zeros for IPv4. A zone (RFC 4007 section 11) is skipped.
 */

const COLON = 0x3a;
const DOT = 0x2e;
const PERCENT = 0x25;
const ZERO = 0x30;
/** `a`, and the bit that makes a lower-case letter of an upper-case one. */
const LETTER_A = 0x61;
const LOWER_CASE = 0x20;

const GROUPS = 8;
const MAX_GROUP_DIGITS = 4;
/** `255.255.255.255` */
const MAX_FOUR_LENGTH = 15;

/** The third word of `::ffff:0:0/96`, whose last word is an IPv4 address; its first two are zero. RFC 4291 section 2.5.5.2. */
export const MAPPED_PREFIX = 0xffff;

// One parse at a time uses them: nothing here waits.
const groups = new Uint16Array(GROUPS);
const tail = new Uint32Array(1);

/**
 * Parses the part of a text between two places.
 *
 * @param words receives the address: one word of 32 bits for IPv4, four for IPv6, the most significant first. IPv4-mapped IPv6 is IPv6 here
 * @returns the version of the address; 0: it is none, and `words` has no meaning
 */
export function readAddress(text: string, from: number, to: number, words: Uint32Array): 0 | 4 | 6 {
  for (let i = from; i < to && i - from <= MAX_GROUP_DIGITS; i++) {
    const code = text.charCodeAt(i);
    if (code === COLON) return readSix(text, from, to, words) ? 6 : 0;
    if (code === DOT) return readFour(text, from, to, words) ? 4 : 0;
  }
  return 0;
}

/** Writes the address to the first of `words`, because a result above 2³¹ would be an object. */
function readFour(text: string, from: number, to: number, words: Uint32Array): boolean {
  if (to - from > MAX_FOUR_LENGTH) return false;
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (octet < 0) return false;
      value = (value << 8) | octet;
      octet = -1;
      dots++;
      continue;
    }
    const digit = code - ZERO;
    // Some programs read a number with a leading zero as octal.
    if (digit < 0 || digit > 9 || octet === 0) return false;
    octet = octet < 0 ? digit : octet * 10 + digit;
    if (octet > 255) return false;
  }
  if (dots !== 3 || octet < 0) return false;
  words[0] = (value << 8) | octet;
  return true;
}

function readSix(text: string, from: number, to: number, words: Uint32Array): boolean {
  let i = from;
  let count = 0;
  /** The number of groups before `::`. */
  let gap = -1;
  if (text.charCodeAt(i) === COLON) {
    if (i + 1 >= to || text.charCodeAt(i + 1) !== COLON) return false;
    gap = 0;
    i += 2;
  }
  while (i < to && text.charCodeAt(i) !== PERCENT) {
    if (count === GROUPS) return false;
    const begin = i;
    let value = 0;
    for (; i < to && i - begin <= MAX_GROUP_DIGITS; i++) {
      const digit = hexDigit(text.charCodeAt(i));
      if (digit < 0) break;
      value = (value << 4) | digit;
    }
    if (i < to && text.charCodeAt(i) === DOT) {
      const end = zoneBegin(text, begin, to);
      if (count > GROUPS - 2 || !readFour(text, begin, end, tail)) return false;
      groups[count++] = (tail[0] ?? 0) >>> 16;
      groups[count++] = tail[0] ?? 0;
      i = end;
      break;
    }
    if (i === begin || i - begin > MAX_GROUP_DIGITS) return false;
    groups[count++] = value;
    if (i === to || text.charCodeAt(i) === PERCENT) break;
    if (text.charCodeAt(i++) !== COLON) return false;
    if (i === to || text.charCodeAt(i) === PERCENT) return false;
    if (text.charCodeAt(i) !== COLON) continue;
    if (gap >= 0) return false;
    gap = count;
    i++;
  }
  const isZoneEmpty = i === to - 1;
  if (isZoneEmpty || (gap < 0 ? count !== GROUPS : count >= GROUPS)) return false;
  expand(count, gap < 0 ? count : gap, words);
  return true;
}

/** Puts zeros where `::` stood. */
function expand(count: number, gap: number, words: Uint32Array): void {
  words[0] = words[1] = words[2] = words[3] = 0;
  for (let i = 0; i < count; i++) {
    const place = i < gap ? i : GROUPS - count + i;
    const group = groups[i] ?? 0;
    words[place >> 1] = (words[place >> 1] ?? 0) | ((place & 1) === 0 ? group << 16 : group);
  }
}

function hexDigit(code: number): number {
  const digit = code - ZERO;
  if (digit >= 0 && digit <= 9) return digit;
  const letter = (code | LOWER_CASE) - LETTER_A;
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

function zoneBegin(text: string, from: number, to: number): number {
  let i = from;
  while (i < to && i - from <= MAX_FOUR_LENGTH && text.charCodeAt(i) !== PERCENT) i++;
  return i;
}
