/** All routes of the school. */
import type { ApiRoute } from "../access/route.ts";
import { keyRoutes } from "./accounts/key-routes.ts";
import { peopleRoutes } from "./accounts/people-routes.ts";
import { sessionRoutes } from "./accounts/session-routes.ts";
import { alarmRoutes } from "./alarms/routes.ts";
import { recordRoutes } from "./audit/routes.ts";
import { courseRoutes } from "./courses/routes.ts";
import { importRoutes } from "./imports/routes.ts";
import { joiningRoutes } from "./lessons/joining-routes.ts";
import { lessonRoutes } from "./lessons/routes.ts";
import { recordingRoutes } from "./recordings/routes.ts";
import type { Desk } from "./requests/route-context.ts";
import { schoolRoutes } from "./schools/routes.ts";
import { webhookRoutes } from "./webhooks/routes.ts";

const PARTS = [
  sessionRoutes,
  schoolRoutes,
  peopleRoutes,
  courseRoutes,
  lessonRoutes,
  joiningRoutes,
  recordingRoutes,
  importRoutes,
  webhookRoutes,
  keyRoutes,
  recordRoutes,
  alarmRoutes,
];

export function allRoutes(desk: Desk): ApiRoute[] {
  return PARTS.flatMap((part) => part(desk));
}
