/** Serves the API routes of how lessons were seen: sessions of players, and the figures of a lesson or a school. */
import { z } from "zod";
import { type Actor, everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { viewBeacon } from "../../../contracts/playback-sessions/view-beacon.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { ALL_TIME } from "../../foundation/requests/all-time.ts";
import { id, idParam, instant } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { experienceOf } from "./experience.ts";
import { listViewsRoute } from "./list-route.ts";
import { sessions } from "./sessions.ts";
import { experienceShape, viewResponse, viewWithMoments } from "./shapes.ts";
import { type TroubleContext, troubleRoute } from "./trouble-route.ts";

const TAG = "Viewer experience";
const DAY_MS = 86_400_000;
/** The longest span that is summed up from minutes. */
const MAX_SPAN_MS = 31 * DAY_MS;

export function viewRoutes(context: RouteContext & TroubleContext): ApiRoute[] {
  return [
    listViewsRoute(context),
    troubleRoute(context),
    readRoute(context),
    lessonExperienceRoute(context),
    experienceRoute(context),
    schemaRoute(),
  ];
}

function readRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "readView",
    method: "GET",
    path: "/views/:viewId",
    tag: TAG,
    summary: "Read a session of a player, with what it told every ten seconds",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "viewing",
    params: z.strictObject({ viewId: z.string().max(64) }),
    status: 200,
    answer: viewWithMoments,
    refusals: ["not-found", "refused-by-rule"],
    handle: async ({ actor, params }) => {
      const row = await findView(db, actor, params.viewId);
      return { body: { ...viewResponse(row), moments: row.moments } };
    },
  });
}

/** @throws RefusalError not-found, refused-by-rule for those who are no staff of its lesson */
export async function findView(db: Db, actor: Actor, viewId: string) {
  const row = await sessions(db).select("view_sessions.moments").where("view_sessions.id", "=", viewId).executeTakeFirst();
  if (!row) throw new RefusalError("not-found");
  if (row.lesson_id !== null) await findLesson(db, actor, row.lesson_id, "assist");
  else if (
    actor.role !== "operator" &&
    (row.school_id === null || row.school_id !== actor.schoolId || actor.role !== "administrator")
  )
    throw new RefusalError("not-found");
  return row;
}

function lessonExperienceRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "readLessonExperience",
    method: "GET",
    path: "/lessons/:lessonId/experience",
    tag: TAG,
    summary: "Read how a lesson is or was seen: by minute, and by node, carrier, region, engine and device; new within ten seconds",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 200,
    answer: experienceShape,
    refusals: ["not-found", "refused-by-rule"],
    handle: async ({ actor, params: { lessonId } }) => {
      await findLesson(db, actor, lessonId, "assist");
      return { body: await experienceOf(db, { lessonId, ...ALL_TIME }, systemClock.utc()) };
    },
  });
}

function experienceRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "readExperience",
    method: "GET",
    path: "/experience",
    tag: TAG,
    summary: "Read how lessons are seen in a school, or for operators everywhere, in a span of up to 31 days",
    access: requires("lessons:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: z.strictObject({
      schoolId: id.optional(),
      from: instant.optional().describe("Default: two hours ago."),
      to: instant.optional().describe("Default: now."),
    }),
    status: 200,
    answer: experienceShape,
    refusals: ["not-found", "bad-request"],
    handle: async ({ actor, query }) => {
      const now = systemClock.utc();
      const to = query.to === undefined ? now + 60_000 : Date.parse(query.to);
      const from = query.from === undefined ? now - 2 * 3_600_000 : Date.parse(query.from);
      if (from >= to || to - from > MAX_SPAN_MS) throw new RefusalError("bad-request");
      const schoolId = schoolScope(actor, query.schoolId);
      return { body: await experienceOf(db, { schoolId, from: new Date(from), to: new Date(to) }, now) };
    },
  });
}

function schemaRoute(): ApiRoute {
  const schema = z.toJSONSchema(viewBeacon);
  return route({
    id: "readViewSchema",
    method: "GET",
    path: "/schemas/view.v1.json",
    tag: TAG,
    summary: "Read the JSON Schema of a viewer's beacon, which players send to `POST /api/v1/views`",
    access: everybody("lessons:read"),
    rights: ["++++++++", null],
    reads: { unlogged: "a schema" },
    status: 200,
    answer: z.record(z.string(), z.unknown()).meta({ id: "JsonSchema" }),
    refusals: [],
    handle: async () => ({ body: schema }),
  });
}
