/** Provides join codes of lessons: eight letters and digits that people read aloud and type. */
import { randomInt } from "node:crypto";

/** Without characters that look alike: 0 and O, 1, I and L. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH = 8;

/** A join code such as `K7MP2XQF`. With 8.5 × 10¹¹ of them, limits on attempts make guessing hopeless. */
export function newCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** A code as typed, with small letters, spaces or dashes; null when it cannot be a code. */
export function readCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, "");
  return code.length === LENGTH && [...code].every((letter) => ALPHABET.includes(letter)) ? code : null;
}
