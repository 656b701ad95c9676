/** Provides actors of the API: the roles of people, the scopes of API keys, and the actor behind a request. */

export const ROLES = ["operator", "administrator", "teacher", "assistant", "student", "supervisor"] as const;
/** operator: of the whole platform; the others belong to one school. supervisor: a parent or an inspector. */
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
  "sources:read",
  "sources:write",
  "policies:read",
  "policies:write",
  "rooms:read",
  "rooms:write",
  "webhooks:read",
  "webhooks:write",
  "audit:read",
  "system:read",
  "system:write",
  "publish-keys:write",
  "webhook-secrets:write",
  "recording-links:write",
  "scim",
] as const;
/**
 * A permission of an API key. Those of publish keys, secrets of webhooks and links of recordings are about secrets: with one of these a reader can publish,
 * forge events, or watch, so reading them needs a scope to write. `scim` is that of a school's directory, and all that it needs.
 */
export type Scope = (typeof SCOPES)[number];

export type Actor = {
  /** token: the operator's token of the environment. nobody: an anonymous request. */
  readonly kind: "user" | "key" | "token" | "nobody";
  /** The id of the user or key; null for the other two. */
  readonly id: string | null;
  readonly name: string;
  /** A key acts as its school's administrator, or as operator where it belongs to none; null for an anonymous request. */
  readonly role: Role | null;
  /** Null for operators, who act for every school, and for anonymous requests. */
  readonly schoolId: string | null;
  /** Null: everything that the role may do. */
  readonly scopes: readonly Scope[] | null;
  readonly ip: string;
  /** The school requires a second factor, and the person has none yet. Default: false. */
  readonly lacksSecondFactor?: boolean;
  /** An operator for an emergency, made on the server's machine. Default: false. */
  readonly isBreakGlass?: boolean;
  /** Schools that an operator may not act for now: they want to be asked. Default: none. */
  readonly closedSchools?: readonly string[];
};

/** Who may use a route: these roles, or everybody, also without signing in. An API key needs the scope in both cases. */
export type Access = {
  readonly roles: readonly Role[] | "everybody";
  readonly scope: Scope;
  /** Also for people who have yet to set up the second factor that their school requires. Default: not for them. */
  readonly beforeSecondFactor?: boolean;
};

/** A route for everybody, also without signing in; an API key needs the scope. */
export function everybody(scope: Scope): Access {
  return { roles: "everybody", scope };
}

/** For the API's document: whether a route needs no credential, and the scope that an API key needs. */
export function describeAccess({ roles, scope }: Access): { readonly isOpen: boolean; readonly scope: Scope } {
  return { isOpen: roles === "everybody", scope };
}

/** Whether the actor has a scope; people and the operator's token have all of them. */
export function hasScope({ scopes }: Pick<Actor, "scopes">, scope: Scope): boolean {
  return scopes === null || scopes.includes(scope);
}

/** Those of the scopes that the actor lacks; people and the operator's token lack none. */
export function missingScopes<One extends string>({ scopes: own }: Pick<Actor, "scopes">, scopes: readonly One[]): readonly One[] {
  return own === null ? [] : scopes.filter((scope) => !own.some((one) => one === scope));
}

/** What an actor lacks to use a route; null when nothing. */
export function lacks(actor: Actor, access: Access): "sign-in" | "role" | "scope" | "second-factor" | null {
  if (access.roles !== "everybody") {
    if (actor.role === null) return "sign-in";
    if (!access.roles.includes(actor.role)) return "role";
  }
  if (actor.lacksSecondFactor && !access.beforeSecondFactor) return "second-factor";
  return hasScope(actor, access.scope) ? null : "scope";
}
