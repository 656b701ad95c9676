/** Provides all API routes of analytics. */
import type { ApiRoute } from "../../../access/route.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { courseResultsRoutes } from "./course-routes.ts";
import { lessonAnalyticsRoutes } from "./lesson-routes.ts";
import { schoolAnalyticsRoutes } from "./school-routes.ts";
import { studentRecordRoutes } from "./student-routes.ts";

export function analyticsRoutes(context: RouteContext): ApiRoute[] {
  return [
    ...lessonAnalyticsRoutes(context),
    ...schoolAnalyticsRoutes(context),
    ...courseResultsRoutes(context),
    ...studentRecordRoutes(context),
  ];
}
