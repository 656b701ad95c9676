/** Provides codes that a television shows and a person types on a phone (RFC 8628 section 6.1: consonants, which make no words and no mistakes). */
import { randomInt } from "node:crypto";

const ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
const LENGTH = 8;

/** One of 2.5 × 10¹⁰. */
export function newScreenCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** A code as typed, with small letters, spaces or dashes; null when it cannot be a code. */
export function readScreenCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, "");
  return code.length === LENGTH && [...code].every((letter) => ALPHABET.includes(letter)) ? code : null;
}
