/** Decodes CSV files as spreadsheets write them: UTF-8, UTF-16 with a byte order mark, GBK of a Chinese Excel, Windows-1252 of a European one. */

const UTF_16_LE = Buffer.from([0xff, 0xfe]);
const UTF_16_BE = Buffer.from([0xfe, 0xff]);

export function decodeCsv(bytes: Buffer): string {
  if (bytes.subarray(0, 2).equals(UTF_16_LE)) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes.subarray(0, 2).equals(UTF_16_BE)) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(isGbk(bytes) ? "gb18030" : "windows-1252").decode(bytes);
  }
}

/** Characters of GB 2312 are pairs of bytes from A1 to FE; letters with accents mostly stand alone between plain ones. */
function isGbk(bytes: Buffer): boolean {
  const runs = bytes.toString("latin1").match(/[\x80-\xff]+/g) ?? [];
  return runs.every((run) => run.length % 2 === 0);
}

const DELIMITERS = [",", ";", "\t"] as const;

/**
 * What separates the cells: Excel writes semicolons where the comma is the decimal sign, and tabs as "Unicode text". A first line `sep=;` names
 * it, and is no row.
 */
export function delimiterOf(text: string): { readonly delimiter: string; readonly skippedLines: number } {
  const named = /^\uFEFF?"?sep=([,;\t])"?\r?\n/.exec(text)?.[1];
  if (named) return { delimiter: named, skippedLines: 1 };
  const header = (/[^\r\n\uFEFF][^\r\n]*/.exec(text)?.[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => header.split(delimiter).length;
  const delimiter = DELIMITERS.reduce((best: string, next) => (count(next) > count(best) ? next : best), ",");
  return { delimiter, skippedLines: 0 };
}
