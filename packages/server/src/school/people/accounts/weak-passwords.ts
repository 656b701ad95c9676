/**
 * Recognises passwords that are guessed first: NIST SP 800-63B, section 3.1.1.2, asks to refuse what is commonly used, and what follows from the
 * person's own names. The list of leaked passwords is that of zxcvbn-ts, 49 000 of them, the commonest first.
 */
import { createRequire } from "node:module";
import type { Role } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { MIN_PASSWORD } from "./password.ts";

const MIN_STAFF_PASSWORD = 12;
/** A password that repeats this many characters is one of few. */
const MAX_PERIOD = 3;

const require = createRequire(import.meta.url);
let common: ReadonlySet<string> | null = null;

/** Whether the password is one of those that everybody tries. */
export function isCommonPassword(password: string): boolean {
  const plain = password.normalize("NFKC").toLowerCase();
  return isRepetition(plain) || isSequence(plain) || commonPasswords().has(plain);
}

/** Loads the list with the first password that is set: it takes 50 ms and 16 MB, which a start does not need. */
function commonPasswords(): ReadonlySet<string> {
  if (common) return common;
  const { dictionary }: typeof import("@zxcvbn-ts/language-common") = require("@zxcvbn-ts/language-common");
  common = new Set(dictionary["passwords-common"]);
  return common;
}

/** What a password may not be equal to. */
export type PasswordOwner = { readonly login: string; readonly name: string; readonly email: string | null };

/** Whether the password is the person's login, mail address or name, whatever its case, spaces and punctuation, also twice or backwards. */
export function isOwnName(password: string, { login, name, email }: PasswordOwner): boolean {
  const plain = lettersOf(password);
  return [login, name, email ?? ""]
    .flatMap((word) => [word, word.split("@")[0] ?? ""])
    .map(lettersOf)
    .filter((word) => word !== "")
    .some((word) => plain === word || plain === word + word || plain === [...word].reverse().join(""));
}

/** Characters of a new password: 12 (OWASP ASVS 4.0, 2.1.1), and 8 for students, whose accounts open little. */
export function minPassword(role: Role): number {
  return role === "student" ? MIN_PASSWORD : MIN_STAFF_PASSWORD;
}

/**
 * Refuses a new password that is too short for the person's role, or equal to a name of the person. One that was set before goes on working.
 * @param password undefined or null: none is set
 * @throws RefusalError bad-request
 */
export function refuseWeakPassword(password: string | null | undefined, owner: PasswordOwner & { readonly role: Role }): void {
  if (!password) return;
  const minimum = minPassword(owner.role);
  if (password.length < minimum)
    throw new RefusalError("bad-request", schoolText("password-short", { minimum }), [
      { path: "password", message: fieldText("password-short", { minimum }) },
    ]);
  if (isOwnName(password, owner))
    throw new RefusalError("bad-request", schoolText("password-own-name"), [
      { path: "password", message: fieldText("password-own-name") },
    ]);
}

function lettersOf(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, "");
}

/** `88888888`, `abcabcabc` */
function isRepetition(text: string): boolean {
  for (let period = 1; period <= MAX_PERIOD; period++)
    if (text.length >= 2 * period && [...text].every((letter, i, all) => letter === all[i % period])) return true;
  return false;
}

/** `abcdefgh`, `87654321` */
function isSequence(text: string): boolean {
  const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0);
  return [1, -1].some((step) => codes.every((code, i) => i === 0 || code - (codes[i - 1] ?? 0) === step));
}
