/**
 * Provides a file made of pieces that are built when they are read. Their lengths are known beforehand, so any byte range can be served, and only one
 * piece is in memory at a time.
 */

import { lastIndexWhere } from "../files/binary-search.ts";

export type Piece = {
  readonly bytes: number;
  /** Builds the piece; null when its source is gone. */
  readonly make: () => Promise<Buffer | null>;
};

export type ByteRange = { readonly from: number; readonly to: number };

export class VirtualFile {
  readonly length: number;
  private readonly pieces: readonly Piece[];
  /** The offset of each piece. */
  private readonly starts: Float64Array;

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
    this.starts = new Float64Array(pieces.length);
    let length = 0;
    pieces.forEach(({ bytes }, i) => {
      this.starts[i] = length;
      length += bytes;
    });
    this.length = length;
  }

  /** Reads a range. Throws when a piece has another length than announced. */
  async *read({ from, to }: ByteRange): AsyncGenerator<Buffer> {
    const first = lastIndexWhere(this.pieces.length, (i) => (this.starts[i] ?? 0) <= from);
    for (let i = first; i < this.pieces.length && (this.starts[i] ?? to) < to; i++) {
      const piece = this.pieces[i];
      const start = this.starts[i] ?? 0;
      const bytes = await piece?.make();
      if (!piece || bytes?.length !== piece.bytes)
        throw new Error(`a piece of ${piece?.bytes} bytes has ${bytes?.length ?? "none"}`);
      const part = bytes.subarray(Math.max(0, from - start), Math.min(bytes.length, to - start));
      if (part.length > 0) yield part;
    }
  }
}

/** Parses a `Range` header (RFC 9110 section 14). Null: the whole file, also for a list of ranges. */
export function parseRange(header: string | undefined, length: number): ByteRange | null | "unsatisfiable" {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return null;
  const [, first = "", last = ""] = match;
  const from = first === "" ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === "" || last === "" ? length : Math.min(length, Number(last) + 1);
  return from >= length || from >= to ? "unsatisfiable" : { from, to };
}
