/** Hashes and verifies passwords: argon2id (RFC 9106) with OWASP's minimum parameters, stored as PHC strings. */
import { argon2, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

type Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number };

const derive = promisify(argon2);
/** KiB, passes, lanes. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const TAG_BYTES = 32;
const SALT_BYTES = 16;
/** The shortest new password of any role; `weak-passwords.ts` has the rule of each. */
export const MIN_PASSWORD = 8;
/** The longest password that is checked, and the longest new one (OWASP ASVS 4.0, 2.1.2). */
export const MAX_PASSWORD = 256;
export const MAX_NEW_PASSWORD = 128;
/** A stored hash with higher costs is not ours, and would occupy the machine. */
const MAX_COST = { memory: 1 << 20, passes: 16, parallelism: 16 } as const;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await tagOf(password, salt, COST, TAG_BYTES);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Takes as long where there is no hash, so that the time does not reveal whether an account has a password. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const parsed = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash ?? "");
  const [, memory, passes, parallelism, salt = "", tag = ""] = parsed ?? [];
  const cost = parsed ? { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) } : COST;
  if (cost.memory > MAX_COST.memory || cost.passes > MAX_COST.passes || cost.parallelism > MAX_COST.parallelism) return false;
  const expected = parsed ? Buffer.from(tag, "base64") : Buffer.alloc(TAG_BYTES);
  const actual = await tagOf(password, parsed ? Buffer.from(salt, "base64") : Buffer.alloc(SALT_BYTES), cost, expected.length);
  return parsed !== null && timingSafeEqual(actual, expected);
}

/** A password to copy from a screen or a sheet of paper: 79 bits, without characters that look alike. */
export function generatePassword(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}

function tagOf(password: string, nonce: Buffer, { memory, passes, parallelism }: Cost, tagLength: number): Promise<Buffer> {
  // Keyboards produce the same characters in several forms; NFKC unifies them.
  return derive("argon2id", { message: password.normalize("NFKC"), nonce, memory, passes, parallelism, tagLength });
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
