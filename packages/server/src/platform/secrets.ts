/** Compares, hashes and derives secrets, and signs what is sent to other systems. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Compares in constant time, whatever the lengths. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a).digest(), sha256(b).digest());
}

/** A new secret of 256 bits, for URLs and headers. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256 in hex, for storing long random secrets, which need no slow hash. */
export function hashSecret(secret: string): string {
  return sha256(secret).digest("hex");
}

/** `Lectern-Signature` of a body that is sent now: `t=UNIX,v1=HEX`, HMAC-SHA256 of `t`, a dot and the body. Each secret adds a `v1`. */
export function signBody(body: string, ...secrets: readonly string[]): string {
  const at = Math.floor(Date.now() / 1000);
  const signatures = secrets.map((secret) => `v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`);
  return [`t=${at}`, ...signatures].join(",");
}

/** Derives a secret for one purpose from one that several purposes share. */
export function derivedSecret(purpose: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(purpose).digest();
}

function sha256(text: string) {
  return createHash("sha256").update(text);
}
