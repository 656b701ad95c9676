/** Encrypts and decrypts the package of a paper: AES-256-GCM with a key of its own, as 12 bytes of nonce, the ciphertext, the tag. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { type Paper, type PaperFile, type PaperPackage, packPaper, unpackPaper } from "@lectern/exam";

/** NIST SP 800-38D: 96 bits of nonce, a tag of 128 bits. */
const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** The name of the package is the hash of its bytes. */
export function encryptedPackage(
  paper: Paper,
  files: readonly PaperFile[] = [],
): { readonly key: string; readonly bytes: Buffer; readonly hash: string } {
  const [key, nonce] = [randomBytes(KEY_BYTES), randomBytes(NONCE_BYTES)];
  const cipher = createCipheriv(CIPHER, key, nonce);
  const bytes = Buffer.concat([nonce, cipher.update(packPaper({ paper, files })), cipher.final(), cipher.getAuthTag()]);
  return { key: key.toString("base64url"), bytes, hash: createHash("sha256").update(bytes).digest("hex") };
}

/** @throws Error where the key is another, or the bytes were changed */
export function decryptedPackage(key: string, encrypted: Uint8Array): PaperPackage {
  const bytes = Buffer.from(encrypted);
  const decipher = createDecipheriv(CIPHER, Buffer.from(key, "base64url"), bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const opened = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  return unpackPaper(new Uint8Array(opened));
}
