/**
 * Issues and verifies clearances. A clearance is a signed cookie: the browser at this address has solved a challenge within the last hour. Every
 * process with the same secrets verifies it without asking anyone, and the key is derived from the secret of signed links, which all nodes share.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { cookieValue } from "../../platform/api/cookies.ts";
import { derivedSecret } from "../../platform/secrets.ts";

export const CLEARANCE_COOKIE = "lectern-clearance";
/** How long a clearance counts. */
export const CLEARANCE_SECONDS = 3600;

const MAC_BYTES = 16;
/** Unix seconds in base 36, a dot, and the first 16 bytes of the HMAC in base64url. */
const FORM = /^([0-9a-z]{1,8})\.([\w-]{22})$/;

/**
 * The value of a clearance that begins now.
 * @param owner the client's address, as `addressOwner` gives it
 * @param secret the first secret of signed links
 * @param now milliseconds since 1970, by the cluster's clock
 */
export function signProofOfWork(owner: string, secret: string, now: number): string {
  const expires = (Math.floor(now / 1000) + CLEARANCE_SECONDS).toString(36);
  return `${expires}.${mac(owner, expires, secret).toString("base64url")}`;
}

/**
 * Whether a request has a clearance of its own address that has not expired. Takes a few microseconds.
 * @param cookieHeader the request's Cookie header
 * @param owner the client's address, as `addressOwner` gives it
 * @param secrets all secrets of signed links
 * @param now milliseconds since 1970, by the cluster's clock
 */
export function hasProofOfWork(cookieHeader: string | undefined, owner: string, secrets: readonly string[], now: number): boolean {
  if (!cookieHeader?.includes(CLEARANCE_COOKIE)) return false;
  const [, expires, signature] = FORM.exec(cookieValue(cookieHeader, CLEARANCE_COOKIE) ?? "") ?? [];
  if (expires === undefined || signature === undefined || Number.parseInt(expires, 36) * 1000 <= now) return false;
  const sent = Buffer.from(signature, "base64url");
  return secrets.some((secret) => timingSafeEqual(sent, mac(owner, expires, secret)));
}

/**
 * The value of `Set-Cookie` that gives a browser its clearance. Over HTTPS a player in a frame of another site sends it too, and only there
 * (`Partitioned`, CHIPS): a clearance proves no person, so requests of other sites gain nothing by it. Plain HTTP allows no such cookie.
 */
export function proofOfWorkCookie(clearance: string, isSecure: boolean): string {
  const sites = isSecure ? "SameSite=None; Secure; Partitioned" : "SameSite=Lax";
  return `${CLEARANCE_COOKIE}=${clearance}; Path=/; HttpOnly; ${sites}; Max-Age=${CLEARANCE_SECONDS}`;
}

function mac(owner: string, expires: string, secret: string): Buffer {
  const key = derivedSecret("clearance", secret);
  return createHmac("sha256", key).update(`${owner}\n${expires}`).digest().subarray(0, MAC_BYTES);
}
