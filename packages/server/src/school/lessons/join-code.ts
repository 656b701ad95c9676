/** Codes and secrets that lessons and people are given. */
import { randomBytes, randomInt } from "node:crypto";

/** For people to read aloud and type: nothing that looks like something else. */
const CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH = 8;

/** A join code such as `K7MP2XQF`: 8.5 × 10¹¹ of them, which with limits on trying cannot be guessed. */
export function newCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join("");
}

/** A code as a person typed it, with small letters, spaces or dashes; null when it cannot be one. */
export function readCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, "");
  return code.length === CODE_LENGTH && [...code].every((letter) => CODE_LETTERS.includes(letter)) ? code : null;
}

/** A secret of 256 bits, for addresses and headers. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}
