/**
 * Signs checkpoints of the audit log with Ed25519 (RFC 8032), by a key that is derived from the secret of the server (HKDF, RFC 5869): who has the database alone
 * cannot make checkpoints.
 */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from "node:crypto";

const SEED_BYTES = 32;
/** RFC 8410 section 7: what stands before the seed in PKCS #8. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PURPOSE = "lectern audit checkpoint";

export type CheckpointKey = {
  /** The first digits of the public key's SHA-256. */
  readonly name: string;
  /** DER (SubjectPublicKeyInfo), base64. */
  readonly publicKey: string;
  /** Base64. */
  readonly sign: (text: string) => string;
};

export function checkpointKey(secret: string): CheckpointKey {
  const seed = Buffer.from(hkdfSync("sha256", secret, "", PURPOSE, SEED_BYTES));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    name: nameOf(publicKey),
    publicKey: publicKey.toString("base64"),
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64"),
  };
}

/** The public keys that the server signs or has signed with. @param secrets of the server */
export function publicKeys(secrets: readonly string[]): ReadonlySet<string> {
  return new Set(secrets.map((secret) => checkpointKey(secret).publicKey));
}

/** @param publicKey as `CheckpointKey` has it */
export function isSigned(text: string, signature: string, publicKey: string): boolean {
  const key = readKey(publicKey);
  return key !== null && verify(null, Buffer.from(text), key, Buffer.from(signature, "base64"));
}

export function keyName(publicKey: string): string {
  return nameOf(Buffer.from(publicKey, "base64"));
}

function nameOf(publicKey: Buffer): string {
  return createHash("sha256").update(publicKey).digest("hex").slice(0, 16);
}

function readKey(publicKey: string): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
  } catch {
    return null;
  }
}
