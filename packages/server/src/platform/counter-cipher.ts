/** Encrypts bytes at any place of a file on their own: AES-256 in counter mode (NIST SP 800-38A, 6.5). Nothing in it tells that bytes were changed. */
import { createCipheriv } from "node:crypto";

const BLOCK_BYTES = 16;

/** Encrypts, or decrypts. @param key 32 bytes, of one file alone @param offset where the bytes are in the file */
export function cryptAt(key: Buffer, offset: number, bytes: Buffer): Buffer {
  const within = offset % BLOCK_BYTES;
  const counter = Buffer.alloc(BLOCK_BYTES);
  counter.writeBigUInt64BE(BigInt((offset - within) / BLOCK_BYTES), 8);
  const cipher = createCipheriv("aes-256-ctr", key, counter);
  if (within > 0) cipher.update(Buffer.alloc(within));
  return cipher.update(bytes);
}
