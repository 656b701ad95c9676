/**
 * Makes `schema.ts` from the API's OpenAPI document, which is made from the server's routes. It is not kept in the repository: `script/lint` makes it
 * before it checks types.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { describeAccess } from "../../server/src/access/actor.ts";
import { dispatchRoutes } from "../../server/src/operations/dispatch-routes.ts";
import { jobRoutes } from "../../server/src/operations/job-routes.ts";
import { operationsRoutes } from "../../server/src/operations/monitoring-routes.ts";
import { nodeRoutes } from "../../server/src/operations/node-routes.ts";
import { openApiDocument } from "../../server/src/platform/api/openapi.ts";
import { allRoutes } from "../../server/src/school/routes.ts";
import { deliveryBodies } from "../../server/src/school/webhooks/event-shapes.ts";

const FILE = join(import.meta.dirname, "schema.ts");
const HEAD = "/** What the API takes and gives. Made by `make.ts` from the server's routes; change those, not this. */\n\n";

/** The document of all routes. Nothing is asked of them, so they need nothing to stand on. */
export function wholeDocument() {
  const nothing = {} as never;
  const routes = [
    ...allRoutes(nothing),
    ...operationsRoutes(nothing),
    ...jobRoutes(nothing),
    ...nodeRoutes(nothing),
    ...dispatchRoutes(nothing),
  ];
  return openApiDocument(routes, describeAccess, deliveryBodies());
}

if (import.meta.main) writeFileSync(FILE, HEAD + astToString(await openapiTS(wholeDocument() as never)));
