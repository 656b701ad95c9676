/** Implements transport-wide feedback: which packets of a connection came, and when (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1). */
import type { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";

export type TransportFeedback = {
  /** Number of this feedback: 8 bits. */
  readonly count: number;
  /** Transport-wide sequence number of the first packet: 16 bits. The others follow one by one. */
  readonly base: number;
  /** Milliseconds by the receiver's clock, of any beginning, from which arrivals count: a multiple of 64; wraps after 2^24 × 64 ms. */
  readonly referenceMs: number;
  /**
   * When each packet came: milliseconds on the same clock, whole quarters; null for one that did not come.
   * An arrival is less than 8.192 s from the one before it.
   */
  readonly arrivals: readonly (number | null)[];
};

export const REFERENCE_UNIT_MS = 64;
const REFERENCE_RANGE = 2 ** 24;
const TICKS_PER_MS = 4;
/** Symbols of section 3.1.3. */
const SYMBOL = { missing: 0, small: 1, large: 2 } as const;
const MAX_RUN = 0x1fff;
const SYMBOLS_OF_VECTOR = 7;
/** Packets that one feedback tells of at most. A few bytes can claim 65535 packets; browsers tell of some hundreds. */
const MAX_TOLD = 8192;

/** @param body behind the two SSRCs */
export function readTransportFeedback(body: ByteReader): TransportFeedback | Malformed {
  const base = body.u16();
  const total = body.u16();
  const referenceMs = body.u24() * REFERENCE_UNIT_MS;
  const count = body.u8();
  if (total > MAX_TOLD) return new Malformed(`a transport-wide feedback on ${total} packets`);
  const symbols = readSymbols(body, total);
  const arrivals: (number | null)[] = [];
  let ticks = referenceMs * TICKS_PER_MS;
  for (const symbol of symbols) {
    if (symbol === SYMBOL.missing) {
      arrivals.push(null);
      continue;
    }
    ticks += symbol === SYMBOL.small ? body.u8() : signed16(body.u16());
    arrivals.push(ticks / TICKS_PER_MS);
  }
  return body.checked("a transport-wide feedback") ?? { count, base, referenceMs, arrivals };
}

function readSymbols(body: ByteReader, total: number): number[] {
  const symbols: number[] = [];
  while (symbols.length < total && !body.failed) {
    const chunk = body.u16();
    if (!(chunk & 0x8000)) {
      const run = Math.min(chunk & MAX_RUN, total - symbols.length);
      // A run of none would never end.
      if (run === 0) body.skip(body.left + 1);
      // The fourth symbol is reserved.
      const symbol = ((chunk >> 13) & 3) % 3;
      for (let i = 0; i < run; i++) symbols.push(symbol);
    } else if (chunk & 0x4000) {
      for (let i = 6; i >= 0 && symbols.length < total; i--) symbols.push(((chunk >> (2 * i)) & 3) % 3);
    } else {
      for (let i = 13; i >= 0 && symbols.length < total; i--) symbols.push((chunk >> i) & 1);
    }
  }
  return symbols;
}

/** The body behind the two SSRCs, with zeros up to a multiple of four. */
export function writeTransportFeedback({ count, base, referenceMs, arrivals }: TransportFeedback): number[] {
  const reference = Math.round(referenceMs / REFERENCE_UNIT_MS) % REFERENCE_RANGE;
  const deltas: number[] = [];
  const symbols: number[] = [];
  let ticks = Math.round(referenceMs / REFERENCE_UNIT_MS) * REFERENCE_UNIT_MS * TICKS_PER_MS;
  for (const arrival of arrivals) {
    if (arrival === null) {
      symbols.push(SYMBOL.missing);
      continue;
    }
    const delta = Math.max(-0x8000, Math.min(0x7fff, Math.round(arrival * TICKS_PER_MS) - ticks));
    ticks += delta;
    const isSmall = delta >= 0 && delta <= 0xff;
    symbols.push(isSmall ? SYMBOL.small : SYMBOL.large);
    if (!isSmall) deltas.push((delta >> 8) & 0xff);
    deltas.push(delta & 0xff);
  }
  const head = [base >> 8, base & 0xff, symbols.length >> 8, symbols.length & 0xff];
  const body = [
    ...head,
    reference >> 16,
    (reference >> 8) & 0xff,
    reference & 0xff,
    count & 0xff,
    ...writeSymbols(symbols),
    ...deltas,
  ];
  while (body.length % 4 > 0) body.push(0);
  return body;
}

/** Runs where seven or more are alike, else vectors of seven. */
function writeSymbols(symbols: readonly number[]): number[] {
  const out: number[] = [];
  for (let at = 0; at < symbols.length; ) {
    const symbol = symbols[at] ?? 0;
    let run = 1;
    while (run < MAX_RUN && symbols[at + run] === symbol) run++;
    if (run >= SYMBOLS_OF_VECTOR || at + run === symbols.length) {
      out.push((symbol << 5) | (run >> 8), run & 0xff);
      at += run;
      continue;
    }
    let chunk = 0xc000;
    for (let i = 0; i < SYMBOLS_OF_VECTOR; i++) chunk |= (symbols[at + i] ?? 0) << (2 * (6 - i));
    out.push(chunk >> 8, chunk & 0xff);
    at += SYMBOLS_OF_VECTOR;
  }
  return out;
}

function signed16(value: number): number {
  return value & 0x8000 ? value - 0x10000 : value;
}
