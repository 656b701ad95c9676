/** Who asks: the roles of people, the scopes of API keys, and the one who stands behind a request. */

export const ROLES = ["operator", "administrator", "teacher", "assistant", "student", "supervisor"] as const;
/** operator: of the whole platform; the others belong to one school. supervisor: a parent, or somebody who oversees. */
export type Role = (typeof ROLES)[number];

export const SCOPES = [
  "schools:read",
  "schools:write",
  "people:read",
  "people:write",
  "lessons:read",
  "lessons:write",
  "recordings:read",
  "recordings:write",
  "streams:read",
  "streams:write",
  "webhooks:read",
  "webhooks:write",
  "audit:read",
  "system:read",
  "system:write",
] as const;
/** What an API key may do. */
export type Scope = (typeof SCOPES)[number];

export type Actor = {
  /** token: the operator's token of the environment. nobody: a stranger. */
  readonly kind: "user" | "key" | "token" | "nobody";
  /** Of the user or key; null for the other two. */
  readonly id: string | null;
  readonly name: string;
  /** A key acts as its school's administrator, or as operator where it belongs to none; null for a stranger. */
  readonly role: Role | null;
  /** Null for operators, who act for every school, and for strangers. */
  readonly schoolId: string | null;
  /** Null: all that the role may. */
  readonly scopes: readonly Scope[] | null;
  readonly ip: string;
};

/** Who may use a route: everybody, or these roles; an API key needs the scope too. */
export type Access = "everybody" | { readonly roles: readonly Role[]; readonly scope: Scope };

/** What a request lacks, or null when it may go on. */
export function lacks(actor: Actor, access: Access): "sign-in" | "role" | "scope" | null {
  if (access === "everybody") return null;
  if (actor.role === null) return "sign-in";
  if (!access.roles.includes(actor.role)) return "role";
  return actor.scopes && !actor.scopes.includes(access.scope) ? "scope" : null;
}
