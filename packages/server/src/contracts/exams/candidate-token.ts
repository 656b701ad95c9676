/**
 * Issues and verifies tokens of candidates: `ex1.PAYLOAD.MAC`. The payload is JSON in base64url, `{e,a,s,u,x}`; the MAC is HMAC-SHA256 over `ex1.PAYLOAD` in
 * base64url, with a key derived from the secret of signed links, which all nodes share. So every worker verifies it without asking anyone. A phone that is a
 * candidate's second camera has one of its own, `ep1.PAYLOAD.MAC`, which proves nothing else.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { derivedSecret } from "../../platform/secrets.ts";

export type Candidate = {
  readonly exam: string;
  readonly attempt: string;
  /** The device: the newest seat of an attempt may write. */
  readonly seat: number;
  /** Null: a guest. */
  readonly user: string | null;
  /** Milliseconds since 1970. */
  readonly expires: number;
};

/** A longer one is none. */
const MAX_LENGTH = 600;
const FORM = /^((?:ex|ep)1\.([\w-]{20,500}))\.([\w-]{43})$/;
/** By what a token begins with: for what its key is derived. */
const PURPOSES = { ex1: "exam candidate", ep1: "exam phone" } as const;
type Prefix = keyof typeof PURPOSES;

/** @param secret the first secret of signed links */
export function signCandidateToken(candidate: Candidate, secret: string): string {
  return sign("ex1", candidate, secret);
}

/** Of a phone that shows the candidate by a second camera. */
export function signPhoneToken(candidate: Candidate, secret: string): string {
  return sign("ep1", candidate, secret);
}

function sign(prefix: Prefix, { exam, attempt, seat, user, expires }: Candidate, secret: string): string {
  const payload = Buffer.from(JSON.stringify({ e: exam, a: attempt, s: seat, u: user, x: expires })).toString("base64url");
  const signed = `${prefix}.${payload}`;
  return `${signed}.${mac(prefix, signed, secret).toString("base64url")}`;
}

/**
 * The candidate whom a token proves; null: it proves nobody, or not any more. Takes a few microseconds.
 * @param secrets all secrets of signed links
 * @param now milliseconds since 1970, by the cluster's clock
 */
export function verifyCandidateToken(token: string, secrets: readonly string[], now: number): Candidate | null {
  return verify("ex1", token, secrets, now);
}

/** As `verifyCandidateToken`, of a phone's. */
export function verifyPhoneToken(token: string, secrets: readonly string[], now: number): Candidate | null {
  return verify("ep1", token, secrets, now);
}

function verify(prefix: Prefix, token: string, secrets: readonly string[], now: number): Candidate | null {
  if (token.length > MAX_LENGTH || !token.startsWith(`${prefix}.`)) return null;
  const [, signed, payload, signature] = FORM.exec(token) ?? [];
  if (signed === undefined || payload === undefined || signature === undefined) return null;
  const sent = Buffer.from(signature, "base64url");
  if (!secrets.some((secret) => timingSafeEqual(sent, mac(prefix, signed, secret)))) return null;
  const candidate = candidateOf(JSON.parse(Buffer.from(payload, "base64url").toString()));
  return candidate && candidate.expires > now ? candidate : null;
}

/** Only this program signs, but maybe another version of it. */
function candidateOf(value: unknown): Candidate | null {
  if (typeof value !== "object" || value === null) return null;
  const { e, a, s, u, x } = value as Readonly<Record<string, unknown>>;
  const isCandidate = typeof e === "string" && typeof a === "string" && typeof s === "number" && typeof x === "number";
  return isCandidate ? { exam: e, attempt: a, seat: s, user: typeof u === "string" ? u : null, expires: x } : null;
}

/** A key that is made once spares each signature a part of its work. There are as few as secrets in the configuration. */
const keys = new Map<string, KeyObject>();
const MAX_KEYS = 100;

function mac(prefix: Prefix, signed: string, secret: string): Buffer {
  const name = `${prefix} ${secret}`;
  let key = keys.get(name);
  if (!key) {
    key = createSecretKey(derivedSecret(PURPOSES[prefix], secret));
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(name, key);
  }
  return createHmac("sha256", key).update(signed).digest();
}
