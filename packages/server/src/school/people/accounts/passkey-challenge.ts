/**
 * Keeps the challenge of a passkey between its two requests in the person's browser, encrypted in a cookie of five minutes: an answer counts only in
 * the browser that asked for it, and the server holds nothing for strangers (WebAuthn Level 3, section 13.4.3).
 */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { decryptToken, encryptToken } from "../../foundation/requests/encrypted-token.ts";

export const CHALLENGE_SECONDS = 300;
/** One for all: a browser asks a person for one passkey at a time. */
const COOKIE = "lectern-passkey";
const CHALLENGE_BYTES = 32;

/** What the challenge is for; a challenge of one purpose is none of another. */
export type ChallengePurpose = "passkey: sign in" | `passkey: add to ${string}`;

/** The parts of a request that a passkey's answer is checked against. */
export type BrowserRequest = {
  readonly ip: string;
  readonly origin: string;
  readonly isSecure: boolean;
  readonly cookie: (name: string) => string | null;
};

const content = z.object({ challenge: z.string() });

/** @returns the challenge, and the value of `Set-Cookie` that keeps it */
export async function newChallenge(
  purpose: ChallengePurpose,
  secret: string,
  isSecure: boolean,
): Promise<{ readonly challenge: string; readonly cookie: string }> {
  const challenge = randomBytes(CHALLENGE_BYTES).toString("base64url");
  const value = await encryptToken({ challenge }, CHALLENGE_SECONDS, { purpose, secret });
  const attributes = `Path=/api/v1; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
  return { challenge, cookie: `${COOKIE}=${value}; Max-Age=${CHALLENGE_SECONDS}; ${attributes}` };
}

/** The challenge that this browser got; null where it got none for this purpose, or it has expired. */
export async function readChallenge(purpose: ChallengePurpose, secret: string, { cookie }: BrowserRequest): Promise<string | null> {
  const value = cookie(COOKIE);
  if (value === null) return null;
  return content.safeParse(await decryptToken(value, { purpose, secret })).data?.challenge ?? null;
}
