/** Has the routes of resources that are one file: each `…-resource.ts` of a domain exports them as `routes`. */
import type { ApiRoute } from "../access/route.ts";
import { modulesOf } from "../platform/modules-of.ts";
import type { RouteContext } from "./foundation/requests/route-context.ts";

type MakeRoutes = (context: RouteContext) => ApiRoute[];

const FILES = await modulesOf(import.meta.dirname, ".", /^[a-z-]+(?:\/[a-z-]+)+-resource$/);

const RESOURCES = [...FILES].map(([name, { routes }]): MakeRoutes => {
  if (!isMade(routes)) throw new Error(`school/${name}.ts exports no function \`routes\``);
  return routes;
});

export function resourceRoutes(context: RouteContext): ApiRoute[] {
  return RESOURCES.flatMap((make) => make(context));
}

/** Its compiler has seen the rest: it makes the routes by `resource()`. */
function isMade(value: unknown): value is MakeRoutes {
  return typeof value === "function";
}
