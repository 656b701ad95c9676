/** Passwords: argon2id (RFC 9106) with the parameters that OWASP names as the least, kept in the usual PHC form. */
import { argon2, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

type Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number };

const derive = promisify(argon2);
/** KiB, passes, lanes. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const TAG_BYTES = 32;
const SALT_BYTES = 16;
export const MIN_PASSWORD = 8;
export const MAX_PASSWORD = 256;
/** More than this from a database is no cost of ours, and would hold the machine. */
const MOST = { memory: 1 << 20, passes: 16, parallelism: 16 } as const;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await tagOf(password, salt, COST, TAG_BYTES);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Takes as long for somebody who has no password. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const known = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash ?? "");
  const [, memory, passes, parallelism, salt = "", tag = ""] = known ?? [];
  const cost = known ? { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) } : COST;
  if (cost.memory > MOST.memory || cost.passes > MOST.passes || cost.parallelism > MOST.parallelism) return false;
  const wanted = known ? Buffer.from(tag, "base64") : Buffer.alloc(TAG_BYTES);
  const given = await tagOf(password, known ? Buffer.from(salt, "base64") : Buffer.alloc(SALT_BYTES), cost, wanted.length);
  return known !== null && timingSafeEqual(given, wanted);
}

/** A password to be read from a screen or a sheet of paper once: about 83 bits. */
export function generatePassword(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}

function tagOf(password: string, nonce: Buffer, { memory, passes, parallelism }: Cost, tagLength: number): Promise<Buffer> {
  // The same letters may be typed in several ways: NFKC makes them one.
  return derive("argon2id", { message: password.normalize("NFKC"), nonce, memory, passes, parallelism, tagLength });
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
