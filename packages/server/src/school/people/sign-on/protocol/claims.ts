/** Reads what a provider says about a person: name, login, role and courses (OpenID Connect Core 1.0, section 5.1). */

import type { CourseMemberTable } from "../../../foundation/store/people-tables.ts";
import type { ClaimNames } from "../../../foundation/store/sign-on-tables.ts";

export type Claims = Readonly<Record<string, unknown>>;
/** The roles that claims can give. Nobody becomes an operator by a claim. Where several match, the first one counts. */
export const CLAIM_ROLES = ["administrator", "teacher", "assistant", "supervisor", "student"] as const;
export type ClaimRole = (typeof CLAIM_ROLES)[number];

const MAX_VALUES = 500;
const MAX_NAME = 100;

export type Profile = { readonly login: string; readonly name: string; readonly email: string | null };

/** The name, the login and the mail address of a new account. @param names of claims that have them; default, or where they are not there: the usual ones */
export function profileOf(claims: Claims, names: ClaimNames = {}): Profile {
  const text = (name: string): string => cleaned(claims[name]);
  const named = (name = ""): string => cleaned(valuesOf(claims, name)[0]);
  const full =
    named(names.name) || text("name") || [text("given_name"), text("family_name")].filter((part) => part !== "").join(" ");
  const mail = named(names.email) || text("email");
  const login = loginFrom(named(names.login) || text("preferred_username") || mail) || "user";
  const isMail = claims["email_verified"] !== false && /^[^\s@]{1,64}@[^\s@]{1,189}$/.test(mail);
  return { login, name: (full || login).slice(0, MAX_NAME).trim(), email: isMail ? mail : null };
}

/** Whether the claims have nothing that a person could be called by. */
export function isNameless(claims: Claims): boolean {
  return ["name", "given_name", "family_name", "preferred_username", "email"].every((name) => cleaned(claims[name]) === "");
}

/** The role that the claims name; null where they name none. */
export function roleOf(claims: Claims, roleClaim: string, roleMap: Readonly<Record<string, string>>): ClaimRole | null {
  const named = new Set(valuesOf(claims, roleClaim).map((value) => (Object.hasOwn(roleMap, value) ? roleMap[value] : undefined)));
  return CLAIM_ROLES.find((role) => named.has(role)) ?? null;
}

/** The role of a person in the courses that claims name; null: an administrator needs no membership. */
export function memberRole(role: string): CourseMemberTable["role"] | null {
  return role === "teacher" || role === "assistant" || role === "student" || role === "supervisor" ? role : null;
}

/**
 * The texts of a claim, which is one text or a list of them. A dot leads into an object (`realm_access.roles`), where no claim has the
 * whole name.
 */
export function valuesOf(claims: Claims, name: string): readonly string[] {
  if (name === "") return [];
  const found = Object.hasOwn(claims, name) ? claims[name] : name.split(".").reduce<unknown>(inner, claims);
  const values = Array.isArray(found) ? found : [found];
  return values.filter((value) => typeof value === "string").slice(0, MAX_VALUES);
}

function inner(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** A login that people can type: letters, digits and `._@+-`. */
function loginFrom(text: string): string {
  const login = text.toLowerCase().replace(/[^\p{L}\p{N}._@+-]/gu, "");
  return login.replace(/^[^\p{L}\p{N}]+/u, "").slice(0, 90);
}

/** Text of a claim without control characters and marks that reverse its direction; empty where the claim is none. */
function cleaned(value: unknown): string {
  if (typeof value !== "string") return "";
  return value
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, "")
    .trim()
    .slice(0, 254);
}
