/**
 * Solves a challenge of ALTCHA, version 1: the number whose SHA-256 (FIPS 180-4) together with the salt is the challenge. SHA-256 is computed here:
 * browsers keep `crypto.subtle` from pages over plain HTTP, which schools use, and with it every hash would cost a turn of the event loop.
 */
import { sha256 } from "@noble/hashes/sha2.js";

/** The parts of a challenge that its solution needs. */
export type Challenge = {
  readonly challenge: string;
  /** No number is larger. */
  readonly maxnumber: number;
  readonly salt: string;
};

const ZERO = 48;
const NINE = 57;

/** Null: no number solves it. Holds the thread for as long as it takes. */
export function solveChallenge({ challenge, maxnumber, salt }: Challenge): number | null {
  const wanted = Uint8Array.from(challenge.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const start = new TextEncoder().encode(salt).length;
  let message = new TextEncoder().encode(`${salt}0`);
  for (let number = 0; number <= maxnumber; number++) {
    const hash = sha256(message);
    if (hash[0] === wanted[0] && hash.every((byte, i) => byte === wanted[i])) return number;
    if (!increment(message, start)) message = new TextEncoder().encode(salt + (number + 1));
  }
  return null;
}

/** Adds 1 to the decimal digits at the end of a message. False: one more digit is needed. */
function increment(message: Uint8Array, start: number): boolean {
  for (let i = message.length - 1; i >= start; i--) {
    const digit = message[i] ?? ZERO;
    if (digit !== NINE) {
      message[i] = digit + 1;
      return true;
    }
    message[i] = ZERO;
  }
  return false;
}
