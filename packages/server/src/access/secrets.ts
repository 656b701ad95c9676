/** Secrets: compared, kept, and used to sign. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** In constant time, whatever the lengths. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a).digest(), sha256(b).digest());
}

/** What is kept of a secret that is long and random, so that no slow function is needed: SHA-256, hex. */
export function hashSecret(secret: string): string {
  return sha256(secret).digest("hex");
}

/** `Lectern-Signature` of a body that is sent to somebody else's system now: `t=UNIX,v1=HEX`, HMAC-SHA256 of `t`, a dot and the body. */
export function signBody(body: string, secret: string): string {
  const at = Math.floor(Date.now() / 1000);
  return `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`;
}

/** A secret for one use, of one that several uses share. */
export function derivedSecret(use: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(use).digest();
}

function sha256(text: string) {
  return createHash("sha256").update(text);
}
