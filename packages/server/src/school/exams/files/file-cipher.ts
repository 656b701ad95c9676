/** Encrypts the bytes of answers' files, each by a key of its own: AES-256 in counter mode (NIST SP 800-38A, 6.5), so that a piece is encrypted where it belongs. The hash of the file proves it. */
import { createHash, randomBytes } from "node:crypto";
import { cryptAt } from "../../../platform/counter-cipher.ts";

const KEY_BYTES = 32;

/** Base64url. */
export function newFileKey(): string {
  return randomBytes(KEY_BYTES).toString("base64url");
}

/** Encrypts, or decrypts. @param offset where the bytes are in the file */
export function cryptPiece(key: string, offset: number, bytes: Buffer): Buffer {
  return cryptAt(Buffer.from(key, "base64url"), offset, bytes);
}

/** SHA-256 in hex. */
export function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
