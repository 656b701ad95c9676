/**
 * Provides the stamp of a message or row on the bus: which process sent it, when, and as which number. It stands in the text itself, as the first
 * field of the JSON object. The signature covers it.
 */

const PREFIX = '{"$sent":';

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

/** @param text a JSON object with a field or more */
export function stamped(text: string, { by, at, number, after }: Stamp): string {
  return `${PREFIX}${JSON.stringify([by, at, number, after])},${text.slice(1)}`;
}

/** The stamp, and the text as its sender had it. Null where there is no stamp. */
export function readStamp(whole: string): { readonly stamp: Stamp; readonly text: string } | null {
  const end = whole.startsWith(PREFIX) ? whole.indexOf("],", PREFIX.length) : -1;
  const stamp = end < 0 ? null : stampIn(whole.slice(PREFIX.length, end + 1));
  return stamp && { stamp, text: `{${whole.slice(end + 2)}` };
}

function stampIn(text: string): Stamp | null {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(fields)) return null;
  const [by, at, number, after]: unknown[] = fields;
  if (typeof by !== "string" || typeof at !== "number" || !Number.isSafeInteger(number) || !Number.isSafeInteger(after))
    return null;
  return { by, at, number: Number(number), after: Number(after) };
}
