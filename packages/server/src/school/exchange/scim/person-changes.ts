/**
 * Makes columns of an account from the attributes of a User: RFC 7643 section 4.1. An account has one name, one mail address and one role; attributes that it
 * has no column for are left out, as RFC 7644 section 3.3 allows.
 */
import type { Role } from "../../../access/actor.ts";
import { scimText } from "../../foundation/messages/scim-texts.ts";
import { externalId } from "../../foundation/requests/fields.ts";
import type { User } from "../../foundation/store/tables.ts";
import { email, login, personName, SCHOOL_ROLES } from "../../people/accounts/shapes.ts";
import { matches } from "./matches.ts";
import type { AttributeChange } from "./patch.ts";
import { scimError } from "./scim-form.ts";
import { booleanOf, checkedValue, elementsOf, fieldsOf, textOf } from "./values.ts";

type SchoolRole = (typeof SCHOOL_ROLES)[number];

export type PersonColumns = {
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly external_id: string | null;
  readonly isActive: boolean;
};

/** What the account is before, or a new one is without more. */
export type PersonBefore = Pick<User, "login" | "name" | "email" | "role" | "external_id"> & { readonly isActive: boolean };

/** An account whose directory names no role, or takes the role away: what may do least. */
const LEAST: SchoolRole = "student";
/** Of several roles that a directory gives, an account has the first of these. */
const BY_RIGHTS: readonly SchoolRole[] = ["administrator", "teacher", "assistant", "supervisor", "student"];
const READ_ONLY = ["id", "meta", "groups", "schemas"];
/** Names of people whose family name comes first, and without a space. */
const HAN = /^\p{Script=Han}+$/u;

type Draft = {
  login: string | null;
  email: string | null;
  role: SchoolRole | Role;
  externalId: string | null;
  isActive: boolean;
  readonly names: Map<string, string | null>;
};

/** @throws RefusalError invalidValue, mutability */
export function personColumns(before: PersonBefore, changes: readonly AttributeChange[]): PersonColumns {
  const { login: before_login, email: mail, role, external_id: id, isActive } = before;
  const draft: Draft = { login: before_login, email: mail, role, externalId: id, isActive, names: new Map() };
  for (const change of changes) apply(draft, change);
  if (draft.login === null || draft.login === "") throw scimError("invalidValue", scimText("needed", { name: "userName" }));
  return {
    login: draft.login,
    name: checkedValue("displayName", personName, nameOf(draft, before)),
    email: draft.email,
    role: draft.role,
    external_id: draft.externalId,
    isActive: draft.isActive,
  };
}

function apply(draft: Draft, change: AttributeChange): void {
  const { attribute, operation, isNamed } = change;
  const value = operation === "remove" ? null : change.value;
  if (READ_ONLY.includes(attribute)) {
    if (isNamed) throw scimError("mutability", scimText("read-only", { name: attribute }));
    return;
  }
  if (attribute === "username") {
    if (textOf("userName", value) === null) throw scimError("invalidValue", scimText("needed", { name: "userName" }));
    draft.login = checkedValue("userName", login, value);
  } else if (attribute === "externalid") {
    const text = textOf("externalId", value);
    draft.externalId = text === null ? null : checkedValue("externalId", externalId, text);
  } else if (attribute === "active") draft.isActive = value === null ? draft.isActive : booleanOf("active", value);
  else if (attribute === "displayname") draft.names.set("displayname", textOf("displayName", value));
  else if (attribute === "name") applyName(draft, change);
  else if (attribute === "emails") applyEmail(draft, change);
  else if (attribute === "roles") applyRole(draft, change);
}

function applyName({ names }: Draft, { sub, operation, value }: AttributeChange): void {
  if (operation === "remove") return;
  const parts = sub === null ? (fieldsOf(value) ?? new Map()) : new Map([[sub, value]]);
  for (const part of ["formatted", "givenname", "familyname"])
    if (parts.has(part)) names.set(part, textOf(`name.${part}`, parts.get(part)));
}

/** What the request says of the name, in this order; without anything, the name stays. */
function nameOf({ names, login: own }: Draft, before: PersonBefore): string {
  const said = names.get("displayname") ?? names.get("formatted") ?? fullName(names.get("givenname"), names.get("familyname"));
  return said ?? (before.name === "" ? (own ?? "") : before.name);
}

function fullName(given: string | null = null, family: string | null = null): string | null {
  if (given === null || family === null) return null;
  return HAN.test(given) && HAN.test(family) ? family + given : `${given} ${family}`;
}

/** The one mail address: the primary one, else that of work, else the first. One of another type takes no other's place. */
function applyEmail(draft: Draft, { operation, filter, sub, value }: AttributeChange): void {
  if (sub !== null && sub !== "value") return;
  const own = draft.email === null ? null : { type: "work", primary: true, value: draft.email };
  if (operation === "remove") {
    if (own && (!filter || matches(filter, own))) draft.email = null;
    return;
  }
  const sent = elementsOf("emails", value);
  const chosen =
    sent.find((one) => one.get("primary") !== undefined && booleanOf("emails.primary", one.get("primary"))) ??
    sent.find((one) => String(one.get("type")).toLowerCase() === "work") ??
    sent[0];
  const text = textOf("emails.value", chosen?.get("value"));
  const type = String(chosen?.get("type") ?? "work").toLowerCase();
  if (operation === "add" && own && type !== "work" && !chosen?.get("primary")) return;
  if (filter && !matches(filter, { type: "work", primary: true, value: text ?? "" }) && !(own && matches(filter, own))) return;
  draft.email = text === null ? null : checkedValue("emails.value", email, text);
}

/** An account has one role: the primary one, else that of them with the most rights. */
function applyRole(draft: Draft, { operation, filter, sub, value }: AttributeChange): void {
  if (sub !== null && sub !== "value") return;
  if (operation === "remove") {
    if (!filter || matches(filter, { value: draft.role, primary: true })) draft.role = LEAST;
    return;
  }
  const sent = elementsOf("roles", value);
  if (sent.length === 0) {
    draft.role = LEAST;
    return;
  }
  const primary = sent.filter((one) => one.get("primary") !== undefined && booleanOf("roles.primary", one.get("primary")));
  const roles = new Set((primary.length > 0 ? primary : sent).map((one) => roleOf(one.get("value"))));
  draft.role = BY_RIGHTS.find((role) => roles.has(role)) ?? LEAST;
}

/** Entra ID sends an app role as its name, or as a JSON text with its name within (AppRoleAssignmentsComplex without `aadOptscim062020`). */
function roleOf(value: unknown): SchoolRole {
  const text = typeof value === "string" ? nameInJson(value).trim().toLowerCase() : "";
  const role = SCHOOL_ROLES.find((one) => one === text);
  if (role) return role;
  const mistake = scimText("role", { roles: SCHOOL_ROLES.join(", ") });
  throw scimError("invalidValue", scimText("value", { name: "roles.value", mistake }));
}

function nameInJson(text: string): string {
  if (!text.startsWith("{")) return text;
  try {
    return String(fieldsOf(JSON.parse(text))?.get("value"));
  } catch {
    return text;
  }
}
