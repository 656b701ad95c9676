/** Provides random ids for what a person does in a room. `crypto.randomUUID` exists over HTTPS only. */

/** Each id takes three. More are asked for at once: a pen needs an id 25 times a second. */
const words = new Uint32Array(96);
let used = words.length;

/** 96 random bits, as 24 hexadecimal digits. */
export function randomId(): string {
  if (used === words.length) {
    crypto.getRandomValues(words);
    used = 0;
  }
  used += 3;
  return [...words.subarray(used - 3, used)].map((word) => word.toString(16).padStart(8, "0")).join("");
}
