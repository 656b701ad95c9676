/**
 * Reads files of a ZIP archive (APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16), and counts what comes out of it. What an archive says of itself may be anything: how
 * many entries it has, how large they are, and where they are, which may be the same place for all.
 */
import { Inflate } from "fflate";

export type UnzipOptions = {
  readonly isWanted: (name: string) => boolean;
  /** Of those that are wanted. */
  readonly maxFiles: number;
  /** Of those that are wanted, unpacked. */
  readonly maxBytes: number;
};

const END_OF_LIST = 0x06054b50;
const LIST_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_BYTES = 22;
const LIST_ENTRY_BYTES = 46;
const LOCAL_ENTRY_BYTES = 30;
const MAX_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
/** Given to the decoder at once: DEFLATE makes up to 1032 times as many bytes of them, and no more are made once there are too many. */
const PIECE_BYTES = 4096;

type Entry = { readonly name: string; readonly method: number; readonly packed: Uint8Array };

/** @returns the files by their names; damaged: it is no whole archive, or has entries within others */
export function unzip(bytes: Uint8Array, options: UnzipOptions): ReadonlyMap<string, Uint8Array> | "damaged" | "too-large" {
  const entries = entriesOf(bytes, options);
  if (typeof entries === "string") return entries;
  const files = new Map<string, Uint8Array>();
  let left = options.maxBytes;
  try {
    for (const { name, method, packed } of entries) {
      const file = method === STORED ? packed : inflated(packed, left);
      left -= file.length;
      if (left < 0) return "too-large";
      files.set(name, file);
    }
  } catch {
    return "damaged";
  }
  return files;
}

/** Those that are wanted. */
function entriesOf(bytes: Uint8Array, { isWanted, maxFiles }: UnzipOptions): readonly Entry[] | "damaged" | "too-large" {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfList(view);
  if (end === null) return "damaged";
  const entries: Entry[] = [];
  let packedBytes = 0;
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    if (at + LIST_ENTRY_BYTES > end || view.getUint32(at, true) !== LIST_ENTRY) return "damaged";
    const nameEnd = at + LIST_ENTRY_BYTES + view.getUint16(at + 28, true);
    const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) return "damaged";
    const name = new TextDecoder().decode(bytes.subarray(at + LIST_ENTRY_BYTES, nameEnd));
    if (isWanted(name)) {
      const method = view.getUint16(at + 10, true);
      const packed = packedAt(view, bytes, view.getUint32(at + 42, true), view.getUint32(at + 20, true));
      if (packed === null || (method !== STORED && method !== DEFLATED)) return "damaged";
      packedBytes += packed.length;
      if (packedBytes > bytes.length) return "damaged";
      if (entries.length === maxFiles) return "too-large";
      entries.push({ name, method, packed });
    }
    at = next;
  }
  return entries;
}

function endOfList(view: DataView): number | null {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) if (view.getUint32(at, true) === END_OF_LIST) return at;
  return null;
}

function packedAt(view: DataView, bytes: Uint8Array, offset: number, length: number): Uint8Array | null {
  if (offset + LOCAL_ENTRY_BYTES > bytes.length || view.getUint32(offset, true) !== LOCAL_ENTRY) return null;
  const from = offset + LOCAL_ENTRY_BYTES + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  return from + length > bytes.length ? null : bytes.subarray(from, from + length);
}

/** A file that has more than `maxBytes` is not unpacked to its end. @throws Error where it is damaged */
function inflated(packed: Uint8Array, maxBytes: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((piece) => {
    size += piece.length;
    pieces.push(piece);
  });
  for (let at = 0; at < packed.length && size <= maxBytes; at += PIECE_BYTES)
    inflate.push(packed.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= packed.length);
  const file = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}
