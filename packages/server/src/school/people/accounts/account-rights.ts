/**
 * Decides whose accounts an API key may manage. A key that creates an account, changes it or makes a link that sets its password can act
 * as that person, so a key needs every scope of what that person can do. People are limited by their role instead: `schools/scope.ts`.
 */
import { type Actor, missingScopes, type Role, SCOPES, type Scope } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";

/** What every account can do for itself, and see where it is a member. */
const MEMBER: readonly Scope[] = [
  "schools:read",
  "people:read",
  "people:write",
  "lessons:read",
  "recordings:read",
  "recording-links:write",
  "rooms:read",
  "rooms:write",
];
const ASSISTANT: readonly Scope[] = [...MEMBER, "lessons:write", "streams:read"];

/** Scopes of all routes that a role may use. A test compares them with the routes. */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  operator: SCOPES,
  administrator: SCOPES,
  teacher: [...ASSISTANT, "recordings:write", "sources:read", "policies:read", "publish-keys:write"],
  assistant: ASSISTANT,
  student: MEMBER,
  supervisor: MEMBER,
};

/** Scopes that the actor lacks to manage accounts of a role; empty for people. */
export function scopesMissingFor(actor: Pick<Actor, "scopes">, role: Role): readonly Scope[] {
  return missingScopes(actor, SCOPES_OF_ROLE[role]);
}

/**
 * A key that could make, rotate or delete a stronger key would have its scopes, or take them away.
 * @throws RefusalError refused-by-rule, where the actor lacks some
 */
export function checkMayManageKey(actor: Pick<Actor, "scopes">, scopes: readonly string[]): void {
  const missing = missingScopes(actor, scopes);
  if (missing.length > 0) throw new RefusalError("refused-by-rule", schoolText("key-scopes", { scopes: missing.join(", ") }));
}

/**
 * Call it with every role that an account or a membership has, before and after a change.
 * @throws RefusalError refused-by-rule, where an API key lacks rights that the role has
 */
export function checkMayManage(actor: Pick<Actor, "scopes">, ...roles: readonly Role[]): void {
  for (const role of roles) {
    const missing = scopesMissingFor(actor, role);
    if (missing.length > 0)
      throw new RefusalError("refused-by-rule", schoolText("key-manages-role", { role, scopes: missing.join(", ") }));
  }
}
