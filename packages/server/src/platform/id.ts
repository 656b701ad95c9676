/**
 * Generates ids of 26 lower-case letters and digits. As in ULID, the first ten are the time in Crockford's base 32, so ids sort by creation and
 * serve as cursors of lists.
 */
import { randomBytes } from "node:crypto";

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

let lastTime = 0;
let lastRandom: number[] = [];

/** A new id, greater than all earlier ids of this process. */
export function newId(now = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    lastRandom = Array.from(randomBytes(RANDOM_DIGITS), (byte) => byte & 31);
  } else {
    // The same millisecond, or a clock that was set back: increment.
    let i = RANDOM_DIGITS - 1;
    while (i > 0 && lastRandom[i] === 31) lastRandom[i--] = 0;
    lastRandom[i] = ((lastRandom[i] ?? 0) + 1) & 31;
  }
  let time = "";
  for (let i = 0, rest = lastTime; i < TIME_DIGITS; i++, rest = Math.floor(rest / 32)) time = DIGITS[rest % 32] + time;
  return time + lastRandom.map((digit) => DIGITS[digit]).join("");
}

export const ID = /^[0-9a-hjkmnp-tv-z]{26}$/;
