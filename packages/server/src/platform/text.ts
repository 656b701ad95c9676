/**
 * Defines what text the API takes: well-formed Unicode in Normalization Form C (UAX #15), without NUL, which PostgreSQL cannot store. Names of people
 * and things are one visible line, without control characters and without the overrides of writing direction that let one name look like another (UAX
 * #9, section 2; UTR #36, section 2.7).
 */

/** Deeper values are no request of this API, and could exhaust the stack. */
const MAX_DEPTH = 32;
/** Explicit embeddings, overrides and isolates. Single marks (U+200E, U+200F, U+061C) stay allowed: names in Arabic and Hebrew need them. */
const DIRECTION_OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/u;
/** C0 and C1 control characters, line and paragraph separators. */
const CONTROLS = /[\p{Cc}\u2028\u2029]/u;
const VISIBLE = /[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** Where in a value text is that cannot be taken, as a path of keys; empty: the value itself. */
export type BadText = { readonly badText: readonly string[] };

/**
 * Copies a JSON value with all its strings, keys included, in Normalization Form C.
 *
 * @returns where the value has a NUL, a lone surrogate, or too many levels
 */
export function normalText(value: unknown, path: readonly string[] = []): { readonly value: unknown } | BadText {
  if (typeof value === "string") {
    if (!value.isWellFormed() || value.includes("\0")) return { badText: path };
    return { value: value.normalize("NFC") };
  }
  if (typeof value !== "object" || value === null) return { value };
  if (path.length >= MAX_DEPTH) return { badText: path };
  return Array.isArray(value) ? normalItems(value, path) : normalFields(value, path);
}

function normalItems(items: readonly unknown[], path: readonly string[]): { readonly value: unknown } | BadText {
  const out: unknown[] = [];
  for (const [i, item] of items.entries()) {
    const result = normalText(item, [...path, String(i)]);
    if ("badText" in result) return result;
    out.push(result.value);
  }
  return { value: out };
}

function normalFields(fields: object, path: readonly string[]): { readonly value: unknown } | BadText {
  const out: [string, unknown][] = [];
  for (const [key, field] of Object.entries(fields)) {
    if (!key.isWellFormed() || key.includes("\0")) return { badText: path };
    const result = normalText(field, [...path, key]);
    if ("badText" in result) return result;
    out.push([key.normalize("NFC"), result.value]);
  }
  return { value: Object.fromEntries(out) };
}

/** Whether a name is one line without control characters and overrides of direction. */
export function isOneLine(name: string): boolean {
  return !CONTROLS.test(name) && !DIRECTION_OVERRIDES.test(name);
}

/** Whether a reader sees anything of it. */
export function isVisible(name: string): boolean {
  return VISIBLE.test(name);
}
