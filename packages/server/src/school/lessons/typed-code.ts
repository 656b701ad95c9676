/** Makes and reads codes that people read aloud and type: eight characters of an alphabet. */
import { randomInt } from "node:crypto";

const LENGTH = 8;

export type TypedCodes = {
  newCode(): string;
  /** A code as typed, with small letters, spaces or dashes; null when it cannot be a code. */
  readCode(typed: string): string | null;
};

/** @param alphabet capital letters and digits */
export function typedCodes(alphabet: string): TypedCodes {
  return {
    newCode: () => Array.from({ length: LENGTH }, () => alphabet[randomInt(alphabet.length)]).join(""),
    readCode: (typed) => {
      const code = typed.toUpperCase().replace(/[\s-]/g, "");
      return code.length === LENGTH && [...code].every((letter) => alphabet.includes(letter)) ? code : null;
    },
  };
}
