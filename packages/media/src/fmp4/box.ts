/** Writes boxes of the ISO base media file format: ISO/IEC 14496-12 section 4.2. */

/** The content of a box: bytes, or a list of numbers, each one byte. */
export type BoxContent = Uint8Array | readonly number[];

/** The size and the type, which stand before a box's content. */
export const BOX_HEADER_BYTES = 8;

/** Four bytes of a number from 0 to 2^32 - 1; larger ones lose their upper part. */
export function u32(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

/** Two bytes. */
export function u16(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

/** Eight bytes of a number up to 2^53. */
export function u64(value: number): number[] {
  return [...u32(Math.floor(value / 2 ** 32)), ...u32(value % 2 ** 32)];
}

/** A box: its size, its type of four characters, and its content. */
export function box(type: string, ...content: readonly BoxContent[]): Uint8Array {
  const size = content.reduce((sum, piece) => sum + piece.length, BOX_HEADER_BYTES);
  return concat(u32(size), characters(type), ...content);
}

/** Pieces one after the other, in memory of their own. */
export function concat(...pieces: readonly BoxContent[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** A box with a version and flags: section 4.2.2. */
export function fullBox(type: string, version: number, flags: number, ...content: readonly BoxContent[]): Uint8Array {
  return box(type, u32(version * 2 ** 24 + flags), ...content);
}

/** The bytes of ASCII characters. */
export function characters(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}
