/** Reads values of SCIM requests: RFC 7643 section 2.3. Directories write booleans as texts, too: Microsoft Entra ID sends `"False"`. */
import type { z } from "zod";
import { validationErrorsOf } from "../../../platform/api/validation-errors.ts";
import { scimText } from "../../foundation/messages/scim-texts.ts";
import { scimError } from "./scim-form.ts";

/** The fields of an object by their names in small letters (RFC 7643 section 2.1); null: the value is none. */
export function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
}

/** @throws RefusalError invalidValue */
export function booleanOf(name: string, value: unknown): boolean {
  const text = typeof value === "string" ? value.toLowerCase() : value;
  if (text === true || text === "true") return true;
  if (text === false || text === "false") return false;
  throw scimError("invalidValue", scimText("value", { name, mistake: scimText("boolean") }));
}

/** Null for what is not assigned (RFC 7643 section 2.5), and for an empty text. @throws RefusalError invalidValue */
export function textOf(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value !== "string") throw scimError("invalidValue", scimText("value", { name, mistake: scimText("text") }));
  return value;
}

/** The value as the API's own schema of the field has it. @throws RefusalError invalidValue */
export function checkedValue<S extends z.ZodType>(name: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [mistake] = validationErrorsOf(schema, value);
  throw scimError("invalidValue", scimText("value", { name, mistake: mistake?.message ?? scimText("text") }));
}

/** The objects of a multi-valued attribute; one object, or one text, is a list of it. @throws RefusalError invalidValue */
export function elementsOf(name: string, value: unknown): readonly ReadonlyMap<string, unknown>[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((one: unknown) => {
    const fields = typeof one === "string" ? new Map([["value", one]]) : fieldsOf(one);
    if (!fields) throw scimError("invalidValue", scimText("value", { name, mistake: scimText("list") }));
    return fields;
  });
}
