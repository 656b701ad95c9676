/** Lists all routes of the API, as they are documented: nothing is asked of them, so they need nothing to stand on. */
import { describeAccess } from "../../server/src/access/actor.ts";
import type { ApiRoute } from "../../server/src/access/route.ts";
import { capacityRoutes } from "../../server/src/operations/capacity-routes.ts";
import { dispatchRoutes } from "../../server/src/operations/dispatch-routes.ts";
import { jobRoutes } from "../../server/src/operations/job-routes.ts";
import { operationsRoutes } from "../../server/src/operations/monitoring-routes.ts";
import { nodeRoutes } from "../../server/src/operations/node-routes.ts";
import { openApiDocument } from "../../server/src/platform/api/openapi.ts";
import { deliveryBodies } from "../../server/src/school/exchange/webhooks/event-shapes.ts";
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

/** The OpenAPI document of all of them, with the webhooks. */
export function wholeDocument() {
  return openApiDocument(documentedRoutes(), describeAccess, deliveryBodies());
}
