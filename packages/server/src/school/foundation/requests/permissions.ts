/** Provides roles and scopes that routes require. */
import type { Access, Role, Scope } from "../../../access/actor.ts";
import type { ApiRoute } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Message } from "../../../platform/messages/message.ts";

export const EVERY_ROLE: readonly Role[] = ["operator", "administrator", "teacher", "assistant", "student", "supervisor"];
export const ADMINISTRATORS: readonly Role[] = ["operator", "administrator"];
export const STAFF: readonly Role[] = ["operator", "administrator", "teacher", "assistant"];
export const TEACHERS: readonly Role[] = ["operator", "administrator", "teacher"];

/** A route for these roles; an API key needs the scope as well. */
export function requires(scope: Scope, ...roles: readonly Role[]): Access {
  return { roles, scope };
}

/** The same route, closed to API keys: for what would give a key more rights than its own. */
export function forPeople(inner: ApiRoute, refusal: Message): ApiRoute {
  const handle: ApiRoute["handle"] = async (call) => {
    if (call.actor.kind === "key") throw new RefusalError("refused-by-rule", refusal);
    return await inner.handle(call);
  };
  return { ...inner, handle };
}
