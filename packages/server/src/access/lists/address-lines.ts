/**
 * Reads a text with an address, a network or a range in each line. `#` and `;` begin comments; of a line with commas, the first column counts,
 * with or without quotation marks; the first line may have the names of columns.
 */
import { Buffer } from "node:buffer";
import { readAddress } from "../../platform/address-text.ts";
import { compareWords, SIX } from "./address-ranges.ts";

/** Characters of a line that are looked at. An address with its comment is far shorter. */
export const MAX_LINE = 1024;
/** Characters of a mistake that are shown. */
const MAX_SHOWN = 100;
const QUOTE = '"';
const COMMENT = /[#;,]/;
const COLUMN_NAME = /^[a-z][a-z0-9 _-]*$/i;
const PREFIX_LENGTH = /^(?:0|[1-9]\d{0,2})$/;
const BYTE_ORDER_MARK = "\xef\xbb\xbf";
const WORD_BITS = 32;

/** A line that is none of these; lines are counted from 1. */
export type AddressLineError = { readonly line: number; readonly text: string };

/** Splits text that arrives in pieces. Holds no more than one line of the greatest length. */
export class LineSplitter {
  private readonly onLine: (line: string, isCut: boolean) => void;
  private line = "";
  private isCut = false;

  /** @param onLine gets each line without its end; `isCut`: it was longer than MAX_LINE, and the rest is left out */
  constructor(onLine: (line: string, isCut: boolean) => void) {
    this.onLine = onLine;
  }

  push(text: string): void {
    for (let from = 0; ; ) {
      const end = text.indexOf("\n", from);
      this.append(text, from, end < 0 ? text.length : end);
      if (end < 0) return;
      this.finishLine();
      from = end + 1;
    }
  }

  /** The last line needs no end. */
  finish(): void {
    if (this.line !== "" || this.isCut) this.finishLine();
  }

  private append(text: string, from: number, to: number): void {
    const room = MAX_LINE - this.line.length;
    if (to - from > room) this.isCut = true;
    this.line += text.slice(from, Math.min(to, from + room));
  }

  private finishLine(): void {
    const { line, isCut } = this;
    this.line = "";
    this.isCut = false;
    this.onLine(line, isCut);
  }
}

/**
 * Reads lines, which it counts.
 *
 * @param onRange gets each range as the words of its first and its last address (`RangeCollector.add`)
 * @param onError gets each line that is neither a range nor empty
 */
export function lineReader(
  onRange: (version: 4 | 6, range: Uint32Array) => void,
  onError: (mistake: AddressLineError) => void,
): (line: string, isCut: boolean) => void {
  const range = new Uint32Array(2 * SIX);
  let number = 0;
  let mayBeHeader = true;
  return (line, isCut) => {
    number++;
    const text = number === 1 && line.startsWith(BYTE_ORDER_MARK) ? line.slice(BYTE_ORDER_MARK.length) : line;
    const end = text.search(COMMENT);
    const isColumn = text[end] === ",";
    const entry = unquoted((end < 0 ? text : text.slice(0, end)).trim());
    const isWhole = end >= 0 || !isCut;
    if (entry === "" && isWhole && !isColumn) return;
    const isHeader = mayBeHeader && isColumn && COLUMN_NAME.test(entry);
    mayBeHeader = false;
    if (isHeader) return;
    const version = isWhole ? readRange(entry, range) : 0;
    if (version === 0) onError({ line: number, text: shown(text) });
    else onRange(version, range);
  };
}

/** Addresses are read as Latin-1, one character for each byte; people see UTF-8. */
function shown(line: string): string {
  const text = Buffer.from(line, "latin1").toString("utf8").trim();
  return text
    .slice(0, MAX_SHOWN)
    .toWellFormed()
    .replace(/\p{Cc}/gu, "\ufffd");
}

function unquoted(column: string): string {
  return column.length > 1 && column.startsWith(QUOTE) && column.endsWith(QUOTE) ? column.slice(1, -1).trim() : column;
}

/** @returns the version of the addresses; 0: it is no range */
function readRange(entry: string, range: Uint32Array): 0 | 4 | 6 {
  const slash = entry.indexOf("/");
  if (slash >= 0) return readNetwork(entry, slash, range);
  const dash = entry.indexOf("-");
  if (dash >= 0) return readFirstAndLast(entry.slice(0, dash).trim(), entry.slice(dash + 1).trim(), range);
  return readFirstAndLast(entry, entry, range);
}

function readFirstAndLast(first: string, last: string, range: Uint32Array): 0 | 4 | 6 {
  const version = readAddress(first, 0, first.length, range);
  if (version === 0) return 0;
  const end = version === 4 ? range.subarray(1) : range.subarray(SIX);
  if (first !== last && readAddress(last, 0, last.length, end) !== version) return 0;
  const size = version === 4 ? 1 : SIX;
  if (first === last) range.copyWithin(size, 0, size);
  return compareWords(range, 0, range, size, size) <= 0 ? version : 0;
}

/** Bits behind the prefix are ignored, so `10.0.0.5/8` is `10.0.0.0/8`. */
function readNetwork(entry: string, slash: number, range: Uint32Array): 0 | 4 | 6 {
  const version = readAddress(entry, 0, slash, range);
  const prefix = entry.slice(slash + 1);
  const size = version === 4 ? 1 : SIX;
  if (version === 0 || !PREFIX_LENGTH.test(prefix) || Number(prefix) > size * WORD_BITS) return 0;
  for (let i = 0; i < size; i++) {
    const bits = Math.min(WORD_BITS, Math.max(0, Number(prefix) - i * WORD_BITS));
    const free = bits === WORD_BITS ? 0 : 0xffffffff >>> bits;
    const word = range[i] ?? 0;
    range[size + i] = word | free;
    range[i] = word & ~free;
  }
  return version;
}
