/**
 * Writes and reads what the encrypted package of a paper holds. Without files: the paper as JSON. With files: the byte 1, the length of the JSON in 4 bytes (little
 * endian), JSON of the paper and of its files, then the bytes of the files, one behind the other.
 */
import type { Paper } from "./paper.ts";

export type PaperFile = {
  readonly id: string;
  /** Media type. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
};
export type PaperPackage = { readonly paper: Paper; readonly files: readonly PaperFile[] };

/** JSON begins with a brace. */
const WITH_FILES = 1;
const HEAD_BYTES = 5;
type Head = {
  readonly paper: Paper;
  readonly files: readonly { readonly id: string; readonly type: string; readonly size: number }[];
};

export function packPaper({ paper, files }: PaperPackage): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  if (files.length === 0) return encoder.encode(JSON.stringify(paper));
  const head: Head = { paper, files: files.map(({ id, type, bytes }) => ({ id, type, size: bytes.length })) };
  const json = encoder.encode(JSON.stringify(head));
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, HEAD_BYTES + json.length);
  const packed = new Uint8Array(size);
  packed[0] = WITH_FILES;
  new DataView(packed.buffer).setUint32(1, json.length, true);
  packed.set(json, HEAD_BYTES);
  let at = HEAD_BYTES + json.length;
  for (const { bytes } of files) {
    packed.set(bytes, at);
    at += bytes.length;
  }
  return packed;
}

/** The files are views of the bytes. @throws Error: the bytes were cut, or are of a newer version */
export function unpackPaper(packed: Uint8Array<ArrayBuffer>): PaperPackage {
  const decoder = new TextDecoder();
  if (packed[0] !== WITH_FILES) return { paper: JSON.parse(decoder.decode(packed)) as Paper, files: [] };
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const length = view.getUint32(1, true);
  if (HEAD_BYTES + length > packed.length) throw new RangeError("the package of the paper was cut");
  const { paper, files } = JSON.parse(decoder.decode(packed.subarray(HEAD_BYTES, HEAD_BYTES + length))) as Head;
  let at = HEAD_BYTES + length;
  const opened = files.map(({ id, type, size }) => {
    const bytes = packed.subarray(at, at + size);
    if (bytes.length !== size) throw new RangeError("the package of the paper was cut");
    at += size;
    return { id, type, bytes };
  });
  return { paper, files: opened };
}
