/** Lists all routes of the API, as they are documented: nothing is asked of them, so they need nothing to stand on. */
import type { ApiRoute } from "../../server/src/access/route.ts";
import { capacityRoutes } from "../../server/src/operations/capacity-routes.ts";
import { dispatchRoutes } from "../../server/src/operations/dispatch-routes.ts";
import { jobRoutes } from "../../server/src/operations/job-routes.ts";
import { operationsRoutes } from "../../server/src/operations/monitoring-routes.ts";
import { nodeRoutes } from "../../server/src/operations/node-routes.ts";
import { allRoutes } from "../../server/src/school/routes.ts";

export function documentedRoutes(): readonly ApiRoute[] {
  const nothing = {} as never;
  return [
    ...allRoutes(nothing),
    ...operationsRoutes(nothing),
    ...jobRoutes(nothing),
    ...nodeRoutes(nothing),
    ...capacityRoutes(nothing),
    ...dispatchRoutes(nothing),
  ];
}
