/** Encrypts the bytes of answers' files, each by a key of its own: AES-256 in counter mode (NIST SP 800-38A, 6.5), so that a piece is encrypted where it belongs. The hash of the file proves it. */
import { createCipheriv, createHash, randomBytes } from "node:crypto";

const KEY_BYTES = 32;
const BLOCK_BYTES = 16;

/** Base64url. */
export function newFileKey(): string {
  return randomBytes(KEY_BYTES).toString("base64url");
}

/** Encrypts, or decrypts. @param offset where the bytes are in the file */
export function cryptPiece(key: string, offset: number, bytes: Buffer): Buffer {
  const within = offset % BLOCK_BYTES;
  const counter = Buffer.alloc(BLOCK_BYTES);
  counter.writeBigUInt64BE(BigInt((offset - within) / BLOCK_BYTES), 8);
  const cipher = createCipheriv("aes-256-ctr", Buffer.from(key, "base64url"), counter);
  cipher.update(Buffer.alloc(within));
  return cipher.update(bytes);
}

/** SHA-256 in hex. */
export function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
