/**
 * Encrypts HLS files with AES-128 in CBC mode and PKCS #7 padding (RFC 8216 section 4.3.2.4): a segment as a whole, and each part by itself with
 * the same key and initialisation vector, as hls.js and Safari decrypt them. Each file is encrypted once for all viewers, in pieces, because a
 * long segment takes longer than viewers of other streams may wait.
 */
import { createCipheriv } from "node:crypto";
import type { ContentKey } from "./content-keys.ts";

const METHOD = "aes-128-cbc";
const BLOCK_BYTES = 16;
/** A quarter of a millisecond on a processor with instructions for AES, three without. */
const PIECE_BYTES = 256 * 1024;
/** Milliseconds of work before the event loop gets its turn. */
const MAX_HOLD_MS = 2;

/** The length of a file when it is encrypted: padding is never empty. */
export function encryptedLength(plain: number): number {
  return plain + BLOCK_BYTES - (plain % BLOCK_BYTES);
}

/** @param into memory for the result, at least `encryptedLength`; the result is a view of it */
export async function encryptFile(plain: Buffer, { key, iv }: ContentKey, into?: Buffer): Promise<Buffer> {
  const room = into ?? Buffer.allocUnsafeSlow(encryptedLength(plain.length));
  const cipher = createCipheriv(METHOD, key, iv);
  let used = 0;
  let until = performance.now() + MAX_HOLD_MS;
  for (let at = 0; at < plain.length; at += PIECE_BYTES) {
    used += cipher.update(plain.subarray(at, at + PIECE_BYTES)).copy(room, used);
    if (performance.now() < until) continue;
    await new Promise((resolve) => setImmediate(resolve));
    until = performance.now() + MAX_HOLD_MS;
  }
  used += cipher.final().copy(room, used);
  return room.subarray(0, used);
}

/** Encrypted files, for as long as the plain ones are in memory. */
export class EncryptedFiles {
  private readonly files = new WeakMap<Buffer, Map<string, Buffer | Promise<Buffer>>>();

  /** A promise until the file is encrypted. */
  of(plain: Buffer, key: ContentKey): Buffer | Promise<Buffer> {
    const files = this.files.get(plain) ?? new Map<string, Buffer | Promise<Buffer>>();
    this.files.set(plain, files);
    const known = files.get(key.name);
    if (known) return known;
    const encrypting = encryptFile(plain, key).then((bytes) => {
      files.set(key.name, bytes);
      return bytes;
    });
    files.set(key.name, encrypting);
    return encrypting;
  }
}
