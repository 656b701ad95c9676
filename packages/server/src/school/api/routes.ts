/** All routes of the school. */
import type { ApiRoute } from "../../access/route.ts";
import { alarmRoutes } from "./alarms.ts";
import { courseRoutes } from "./courses.ts";
import type { Desk } from "./desk.ts";
import { importRoutes } from "./imports.ts";
import { joiningRoutes } from "./joining.ts";
import { keyRoutes } from "./keys.ts";
import { lessonRoutes } from "./lessons.ts";
import { peopleRoutes } from "./people.ts";
import { recordingRoutes } from "./recordings.ts";
import { recordRoutes } from "./records.ts";
import { schoolRoutes } from "./schools.ts";
import { sessionRoutes } from "./sessions.ts";
import { webhookRoutes } from "./webhooks.ts";

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
