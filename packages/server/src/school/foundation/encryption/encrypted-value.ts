/**
 * Gives values of protected columns their encrypted form, and takes them out of it.
 *
 *     text                 enc2:KEY:… ID ID           ids within, where the column leaves them readable
 *     text, indexed        enc2:KEY:… INDEX           its blind index
 *     JSON, a string       "enc2:KEY:…"
 *     JSON, an object      {"ref": "…", "encrypted": "enc2:KEY:…", "ids": ["…"]}      with the fields that stay readable
 *     JSON, all others     {"encrypted": "enc2:KEY:…"}
 *
 * NULL, JSON's null and the empty text stay as they are. A value is bound to its table and column: copied into another one it is not read. Values of versions before
 * that are bound to nothing, and are read until their data key is rotated away.
 */
import type { SecretBox } from "../../../platform/secret-box.ts";
import type { ProtectedColumn } from "../store/protected-columns.ts";

/** Of values of before. */
const UNBOUND = "value of a protected column";
/** What every encrypted value begins with. */
export const ENCRYPTED = "enc2:";
const FIELD = "encrypted";
const IDS = "ids";
/** Ids of `platform/id.ts`, and references of lines as `classroom/deleted-lines.ts` looks for them. */
const READABLE = /"ref":"[^"\\]*"|\b[0-9a-hjkmnp-tv-z]{26}\b/g;

type Fields = Readonly<Record<string, unknown>>;

/** A value that was encrypted by a key that this server does not have, or that was changed. */
export class UnreadableValue extends Error {
  override readonly name = "UnreadableValue";
}

type Place = Pick<ProtectedColumn, "table" | "column">;

/** Where values of a column are read, and nowhere else. */
export function contextOf({ table, column }: Place): string {
  return `value of ${table}.${column}`;
}

export function encryptText(box: SecretBox, column: Place & Pick<ProtectedColumn, "ids" | "indexed">, text: string): string {
  if (text === "") return text;
  const index = column.indexed ? indexesOf(box, column, text).slice(0, 1) : [];
  return [box.encrypt(text, contextOf(column)), ...index, ...(column.ids ? readableIn(text) : [])].join(" ");
}

/** The blind indexes that a text has, in small letters: by the current data key first. */
export function indexesOf(box: SecretBox, column: Place, text: string): readonly string[] {
  return box.indexes(text.toLowerCase(), contextOf(column));
}

/** @param value of a jsonb column, parsed */
export function encryptJson(box: SecretBox, column: Place & Pick<ProtectedColumn, "open" | "ids">, value: unknown): unknown {
  const { open = [], ids } = column;
  const context = contextOf(column);
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return box.encrypt(value, context);
  if (!isObject(value)) return { [FIELD]: box.encrypt(JSON.stringify(value), context) };
  const hidden: Record<string, unknown> = {};
  const shown: Record<string, unknown> = {};
  for (const [name, of] of Object.entries(value)) (open.includes(name) && !isObject(of) ? shown : hidden)[name] = of;
  const text = JSON.stringify(hidden);
  const readable = ids ? readableIn(text) : [];
  return { ...shown, [FIELD]: box.encrypt(text, context), ...(readable.length > 0 && { [IDS]: readable }) };
}

/**
 * @param text of a column; one that is not encrypted is returned as it is
 * @param contexts of the columns that it may come from
 * @throws UnreadableValue
 */
export function decryptText(box: SecretBox, text: string, contexts: readonly string[]): string {
  if (!text.startsWith(ENCRYPTED)) return text;
  const end = text.indexOf(" ");
  const value = end < 0 ? text : text.slice(0, end);
  for (const context of [...contexts, UNBOUND]) {
    const opened = box.decrypt(value, context);
    if (opened !== null) return opened;
  }
  throw new UnreadableValue(
    `a value in the database was encrypted by the data key ${keyIn(text)}, which is not there, or it was changed, or belongs to another column`,
  );
}

/** @param value of a column, or made of some: encrypted ones are looked for at every depth. @throws UnreadableValue */
export function decryptJson(box: SecretBox, value: unknown, contexts: readonly string[]): unknown {
  if (typeof value === "string") return decryptText(box, value, contexts);
  if (Array.isArray(value)) return value.map((one) => decryptJson(box, one, contexts));
  if (!isObject(value)) return value;
  const encrypted = value[FIELD];
  if (typeof encrypted !== "string" || !encrypted.startsWith(ENCRYPTED))
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, decryptJson(box, of, contexts)]));
  const opened: unknown = JSON.parse(decryptText(box, encrypted, contexts));
  const { [FIELD]: _, [IDS]: __, ...shown } = value;
  return isObject(opened) ? { ...shown, ...opened } : opened;
}

/** The name of the key of an encrypted text. */
export function keyIn(text: string): string {
  return text.slice(ENCRYPTED.length).split(":", 1)[0] ?? "";
}

function readableIn(text: string): string[] {
  return [...new Set(text.match(READABLE) ?? [])];
}

/** A plain one: dates and bytes are values of their own. */
function isObject(value: unknown): value is Fields {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
