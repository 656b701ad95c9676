/** A route of the API, with who may use it. */
import type { z } from "zod";
import type { Route, RouteDefinition } from "../platform/api/route.ts";
import type { Access, Actor } from "./actor.ts";

export type ApiRoute = Route<Access, Actor>;

/** Its handler is typed by what the route says that it takes and gives; a list of routes need not know. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  definition: RouteDefinition<Access, Actor, P, Q, B, R>,
): ApiRoute {
  return definition as ApiRoute;
}
