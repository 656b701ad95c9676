/** Roles and scopes that routes require. */
import type { Access, Role, Scope } from "../../../access/actor.ts";

export const EVERY_ROLE: readonly Role[] = ["operator", "administrator", "teacher", "assistant", "student", "supervisor"];
export const ADMINISTRATORS: readonly Role[] = ["operator", "administrator"];
export const STAFF: readonly Role[] = ["operator", "administrator", "teacher", "assistant"];
export const TEACHERS: readonly Role[] = ["operator", "administrator", "teacher"];

/** A route for these roles; an API key needs the scope as well. */
export function requires(scope: Scope, ...roles: readonly Role[]): Access {
  return { roles, scope };
}
