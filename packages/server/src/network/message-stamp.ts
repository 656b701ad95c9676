/**
 * The stamp of a message or row on the bus: which process sent it, when, and as which number. It stands in the text itself, as the first field of
 * the JSON object, so nodes of the version before read the text as they always did. The signature covers it.
 */
import { createHash } from "node:crypto";

const FIELD = "$sent";
const PREFIX = `{"${FIELD}":`;
const DIGEST_BYTES = 9;

export type Stamp = {
  /** The sender's process: another one after each start. */
  readonly by: string;
  /** Milliseconds since 1970, by its clock. */
  readonly at: number;
  /** Increases with each message of the process. */
  readonly number: number;
  /** Of a row: the revision that it replaces; 0 where the writer knew none. */
  readonly after: number;
};

/** The text with its stamp. A text that is no JSON object has no place for one, and stays as it is. */
export function stamped(text: string, { by, at, number, after }: Stamp): string {
  if (!text.startsWith("{") || text.length < 3) return text;
  return `${PREFIX}${JSON.stringify([by, at, number, after, digestOf(text)])},${text.slice(1)}`;
}

/** Null where there is none: the sender is of the version before, which also keeps the stamp of a row that it writes again. */
export function stampOf(text: string): Stamp | null {
  if (!text.startsWith(PREFIX)) return null;
  const end = text.indexOf("],", PREFIX.length);
  if (end < 0) return null;
  let fields: unknown;
  try {
    fields = JSON.parse(text.slice(PREFIX.length, end + 1));
  } catch {
    return null;
  }
  if (!Array.isArray(fields)) return null;
  const [by, at, number, after, digest]: unknown[] = fields;
  if (typeof by !== "string" || typeof at !== "number" || !Number.isSafeInteger(number) || !Number.isSafeInteger(after))
    return null;
  return digest === digestOf(`{${text.slice(end + 2)}`) ? { by, at, number: Number(number), after: Number(after) } : null;
}

/** The text as its sender had it. */
export function withoutStamp(text: string): string {
  const end = text.startsWith(PREFIX) ? text.indexOf("],", PREFIX.length) : -1;
  return end < 0 ? text : `{${text.slice(end + 2)}`;
}

/** Tells the text that the stamp was made for from one that was written later with the stamp still in it. */
function digestOf(text: string): string {
  return createHash("sha256").update(text).digest().subarray(0, DIGEST_BYTES).toString("base64url");
}
