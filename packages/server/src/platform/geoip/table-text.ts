/** Reads texts of tables. */

export function textOf(data: Buffer, from: number, to: number): string {
  return data.toString("utf8", from, to);
}

/** ip2region writes 0 for what is not known. */
export function unlessZero(text: string): string {
  return text === "0" ? "" : text.trim();
}
