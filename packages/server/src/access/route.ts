/** Serves the routes of the API, with the actors who may use them. */
import type { z } from "zod";
import type { Route, RouteDefinition } from "../platform/api/route.ts";
import type { Access, Actor } from "./actor.ts";
import type { Privacy } from "./privacy.ts";
import type { Reads } from "./reading.ts";
import type { Rights } from "./rights.ts";

type Declared = {
  /** What comes of `access` and of the route's own rules, for each role; held by tests. A comment says why it is not what one expects. */
  readonly rights: Rights;
  /** Of the columns of its table, where `school/foundation/store/tables.ts` does not have it. */
  readonly privacy?: Privacy;
  /** What it tells of other people (`school/foundation/audit/reading-log.ts`). Default: nothing. */
  readonly reads?: Reads;
};

export type ApiRoute = Route<Access, Actor> & Declared;

/** Types the handler by the schemas of its route. A list of routes does not know these types. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  definition: RouteDefinition<Access, Actor, P, Q, B, R> & Declared,
): ApiRoute {
  return definition as ApiRoute;
}
