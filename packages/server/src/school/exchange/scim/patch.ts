/**
 * Reads the changes of a PATCH, and the attributes of a POST or a PUT as such changes: RFC 7644 sections 3.3, 3.5.1 and 3.5.2. Tolerates what directories send
 * beside the standard: operations in capitals (`Add`), changes without a path whose fields are paths themselves (`"name.givenName"`).
 */
import { scimText } from "../../foundation/messages/scim-texts.ts";
import { type AttributePath, attributeName, BadFilter, parsePath } from "./filter.ts";
import { scimError } from "./scim-form.ts";
import { fieldsOf } from "./values.ts";

/** Entra ID sends at most some dozens; a group's members are one. */
const MAX_OPERATIONS = 1000;
const OPERATIONS = ["add", "replace", "remove"] as const;

export type AttributeChange = AttributePath & {
  readonly operation: (typeof OPERATIONS)[number];
  /** Undefined: the request has none. */
  readonly value: unknown;
  /** Named by a path of its own, not as a field of a whole resource, in which what cannot be changed is left out. */
  readonly isNamed: boolean;
};

/** @throws RefusalError invalidSyntax, invalidPath, noTarget */
export function changesOfPatch(body: unknown): readonly AttributeChange[] {
  const operations = fieldsOf(body)?.get("operations");
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > MAX_OPERATIONS)
    throw scimError("invalidSyntax", scimText("no-operations", { max: MAX_OPERATIONS }));
  return operations.flatMap(changesOfOperation);
}

/** All attributes of a resource, which it replaces. */
export function changesOfResource(body: unknown): readonly AttributeChange[] {
  return [...(fieldsOf(body) ?? [])].map(([name, value]) => ({
    attribute: attributeName(name),
    sub: null,
    filter: null,
    operation: "replace",
    value,
    isNamed: false,
  }));
}

function changesOfOperation(sent: unknown): readonly AttributeChange[] {
  const fields = fieldsOf(sent);
  const word = String(fields?.get("op")).toLowerCase();
  const operation = OPERATIONS.find((one) => one === word);
  if (!fields || !operation) throw scimError("invalidSyntax", scimText("operation"));
  const path = fields.get("path");
  const value = fields.get("value");
  if (typeof path === "string" && path !== "") return [{ ...pathIn(path), operation, value, isNamed: true }];
  if (path !== undefined && path !== null && path !== "")
    throw scimError("invalidPath", scimText("path", { path: JSON.stringify(path).slice(0, 100) }));
  if (operation === "remove") throw scimError("noTarget", scimText("remove-path"));
  const attributes = fieldsOf(value);
  if (!attributes) throw scimError("invalidSyntax", scimText("no-path-value"));
  return [...attributes].map(([name, field]) => ({ ...pathIn(name), operation, value: field, isNamed: false }));
}

function pathIn(text: string): AttributePath {
  try {
    return parsePath(text);
  } catch (error) {
    if (!(error instanceof BadFilter)) throw error;
    throw scimError("invalidPath", scimText("path", { path: text.slice(0, 100) }));
  }
}
