/** Generates a password that can be read aloud: lower-case letters and digits, without those that look alike. */

const CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const LENGTH = 12;

export function randomPassword(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(LENGTH)), (byte) => CHARACTERS[byte % CHARACTERS.length]).join("");
}
