/** Lists the routes of SCIM 2.0 (RFC 7643, RFC 7644): a school's directory makes and closes the accounts of its people, and fills its courses. */
import type { ApiRoute } from "../../../access/route.ts";
import type { AccountContext } from "../../people/accounts/account-context.ts";
import type { CourseContext } from "../../people/courses/routes.ts";
import { discoveryRoutes } from "./discovery.ts";
import { groupKind } from "./groups.ts";
import { resourceRoutes } from "./resource-routes.ts";
import { userKind } from "./users.ts";

export function scimRoutes(context: AccountContext & Pick<CourseContext, "policyNotices">): ApiRoute[] {
  return [
    ...discoveryRoutes(),
    ...resourceRoutes(context, userKind(context)),
    ...resourceRoutes(context, groupKind(context.policyNotices)),
  ];
}
