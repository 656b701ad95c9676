/**
 * Implements the RTMP handshake, answered: Adobe RTMP 1.0 section 5.2, and the "complex" form with digests that Flash Player 9 brought (never
 * published by Adobe; described by every open implementation). A client that sends no digest gets the simple answer.
 *
 * The package has no cryptography of its own, so HMAC-SHA256 is given by the caller.
 */

/** C0 and S0. */
export const RTMP_VERSION = 3;
/** Length of C1, C2, S1 and S2. */
export const HANDSHAKE_SIZE = 1536;

export type HmacSha256 = (key: Uint8Array, data: Uint8Array) => Uint8Array;

const DIGEST_SIZE = 32;
const text = new TextEncoder();
const PLAYER_KEY = text.encode("Genuine Adobe Flash Player 001");
const SERVER_KEY = text.encode("Genuine Adobe Flash Media Server 001");
/** Follows both phrases when they are used as the key of a key. */
const CRUD = Uint8Array.of(
  0xf0,
  0xee,
  0xc2,
  0x4a,
  0x80,
  0x68,
  0xbe,
  0xe8,
  0x2e,
  0x00,
  0xd0,
  0xd1,
  0x02,
  0x9e,
  0x7e,
  0x57,
  0x6e,
  0xec,
  0x5d,
  0x2d,
  0x29,
  0x80,
  0x6f,
  0xab,
  0x93,
  0xb8,
  0xe6,
  0x36,
  0xcf,
  0xeb,
  0x31,
  0xae,
);
/** The two places a digest's offset is written at: after time and version, or after the key block. */
const DIGEST_SCHEMES = [8, 772] as const;

/**
 * S0, S1 and S2 in answer to C1.
 * @param c1 the client's 1536 bytes after C0
 * @param random 1536 random bytes, used as the body of S1
 */
export function answerHandshake(c1: Uint8Array, random: Uint8Array, hmac: HmacSha256): Uint8Array {
  const out = new Uint8Array(1 + 2 * HANDSHAKE_SIZE);
  out[0] = RTMP_VERSION;
  const s1 = out.subarray(1, 1 + HANDSHAKE_SIZE);
  const s2 = out.subarray(1 + HANDSHAKE_SIZE);
  s1.set(random.subarray(0, HANDSHAKE_SIZE));
  s1.fill(0, 0, 8);

  const clientDigest = findDigest(c1, PLAYER_KEY, hmac);
  if (!clientDigest) {
    s2.set(c1.subarray(0, HANDSHAKE_SIZE));
    return out;
  }
  s1.set([4, 5, 0, 1], 4);
  const at = digestOffset(s1, clientDigest.scheme);
  s1.set(hmac(SERVER_KEY, without(s1, at)), at);
  s2.set(random.subarray(0, HANDSHAKE_SIZE));
  const key = hmac(joined(SERVER_KEY, CRUD), clientDigest.digest);
  s2.set(hmac(key, s2.subarray(0, HANDSHAKE_SIZE - DIGEST_SIZE)), HANDSHAKE_SIZE - DIGEST_SIZE);
  return out;
}

/** C0 and C1 of a client: with a digest, which old Flash servers require, or without. Tests use it too. */
export function openHandshake(random: Uint8Array, hmac: HmacSha256 | null): Uint8Array {
  const out = new Uint8Array(1 + HANDSHAKE_SIZE);
  out[0] = RTMP_VERSION;
  const c1 = out.subarray(1);
  c1.set(random.subarray(0, HANDSHAKE_SIZE));
  c1.fill(0, 0, 8);
  if (hmac) {
    c1.set([0x80, 0, 7, 2], 4);
    const at = digestOffset(c1, 8);
    c1.set(hmac(PLAYER_KEY, without(c1, at)), at);
  }
  return out;
}

/** True when S1 and S2 are the answer of a server with digests to this C1. */
export function isDigestAnswer(c1: Uint8Array, s1: Uint8Array, s2: Uint8Array, hmac: HmacSha256): boolean {
  const own = findDigest(c1, PLAYER_KEY, hmac);
  if (!own || !findDigest(s1, SERVER_KEY, hmac)) return false;
  const key = hmac(joined(SERVER_KEY, CRUD), own.digest);
  const body = s2.subarray(0, HANDSHAKE_SIZE - DIGEST_SIZE);
  return equal(hmac(key, body), s2.subarray(HANDSHAKE_SIZE - DIGEST_SIZE));
}

function findDigest(packet: Uint8Array, key: Uint8Array, hmac: HmacSha256) {
  // Version 0 in bytes 4 to 7 means that there is no digest.
  if (packet.subarray(4, 8).every((byte) => byte === 0)) return null;
  for (const scheme of DIGEST_SCHEMES) {
    const at = digestOffset(packet, scheme);
    const digest = packet.subarray(at, at + DIGEST_SIZE);
    if (equal(digest, hmac(key, without(packet, at)))) return { scheme, digest };
  }
  return null;
}

function digestOffset(packet: Uint8Array, scheme: number): number {
  let sum = 0;
  for (let i = 0; i < 4; i++) sum += packet[scheme + i] ?? 0;
  return scheme + 4 + (sum % 728);
}

function without(packet: Uint8Array, at: number): Uint8Array {
  return joined(packet.subarray(0, at), packet.subarray(at + DIGEST_SIZE));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
