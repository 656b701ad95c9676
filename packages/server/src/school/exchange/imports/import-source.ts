/**
 * Keeps the file of an import in the database until the import ends: compressed, and encrypted with AES-256-GCM, because it may contain
 * passwords. The key is derived from the server's link secret and the import's id, so a copy of the database alone does not open it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { derivedSecret } from "../../../platform/secrets.ts";

const compress = promisify(gzip);
const expand = promisify(gunzip);
const CIPHER = "aes-256-gcm";
/** Bytes of GCM's nonce and tag: NIST SP 800-38D, 8.2 and 5.2.1.2. */
const NONCE = 12;
const TAG = 16;

/** Base64 of nonce, tag and ciphertext. */
export async function encryptSource(importId: string, text: string, secret: string): Promise<string> {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, keyOf(importId, secret), nonce);
  const encrypted = Buffer.concat([cipher.update(await compress(text, { level: 1 })), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString("base64");
}

/** The text; null where the secret has changed since, or the bytes are damaged. */
export async function decryptSource(importId: string, encrypted: string, secret: string): Promise<string | null> {
  const bytes = Buffer.from(encrypted, "base64");
  try {
    const decipher = createDecipheriv(CIPHER, keyOf(importId, secret), bytes.subarray(0, NONCE));
    decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
    const compressed = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
    return (await expand(compressed)).toString("utf8");
  } catch {
    return null;
  }
}

function keyOf(importId: string, secret: string): Buffer {
  return derivedSecret(`import ${importId}`, secret);
}
