/** API routes of how lessons were seen: sessions of players, and the figures of a lesson or a school. */
import { z } from "zod";
import { type Actor, everybody } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { systemClock } from "../../platform/clock.ts";
import { viewBeacon } from "../../platform/views/view-beacon.ts";
import { findLesson } from "../lessons/lesson-rights.ts";
import { id, idParam, instant } from "../requests/fields.ts";
import { pageOf, paging } from "../requests/paging.ts";
import { ADMINISTRATORS, requires, STAFF } from "../requests/permissions.ts";
import type { RouteContext } from "../requests/route-context.ts";
import { schoolScope } from "../schools/scope.ts";
import type { Db } from "../store/tables.ts";
import { experienceOf } from "./experience.ts";
import { experienceShape, viewResponse, viewShape, viewWithMoments } from "./shapes.ts";

const TAG = "Viewer experience";
const DAY_MS = 86_400_000;
/** The longest span that is summed up from minutes. */
const MAX_SPAN_MS = 31 * DAY_MS;
const WHOLE_LESSON = { from: new Date(0), to: new Date(Date.UTC(9999, 0)) };

export function viewRoutes(context: RouteContext): ApiRoute[] {
  return [listRoute(context), readRoute(context), lessonExperienceRoute(context), experienceRoute(context), schemaRoute()];
}

function listRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listViews",
    method: "GET",
    path: "/views",
    tag: TAG,
    summary:
      "List sessions of players, newest first: of a lesson for its staff, of the school for administrators, or by a report's number",
    access: requires("lessons:read", ...STAFF),
    query: z.strictObject({
      ...paging,
      lessonId: id.optional(),
      schoolId: id.optional(),
      participantId: id.optional(),
      complaint: z.string().max(20).optional().describe("The number of a viewer's report of a problem."),
    }),
    status: 200,
    answer: pageOf(viewShape),
    refusals: ["not-found", "refused-by-rule", "bad-request"],
    handle: async ({ actor, query }) => {
      const { limit, cursor, lessonId, participantId, complaint } = query;
      if (lessonId !== undefined) await findLesson(db, actor, lessonId, "assist");
      else if (!ADMINISTRATORS.some((role) => role === actor.role)) throw new RefusalError("refused-by-rule");
      let rows = sessions(db)
        .orderBy("view_sessions.started_at", "desc")
        .orderBy("view_sessions.id", "desc")
        .limit(limit + 1);
      const school = lessonId === undefined ? schoolScope(actor, query.schoolId) : null;
      if (school !== null) rows = rows.where("view_sessions.school_id", "=", school);
      if (lessonId !== undefined) rows = rows.where("view_sessions.lesson_id", "=", lessonId);
      if (participantId !== undefined) rows = rows.where("participant_id", "=", participantId);
      if (complaint !== undefined) rows = rows.where("complaint", "=", complaint.toUpperCase());
      const after = cursor === undefined ? null : parseCursor(cursor);
      if (after)
        rows = rows.where(({ eb, refTuple, tuple }) =>
          eb(refTuple("view_sessions.started_at", "view_sessions.id"), "<", tuple(after.at, after.id)),
        );
      const found = await rows.execute();
      const last = found.length > limit ? found[limit - 1] : undefined;
      const nextCursor = last ? `${last.started_at.getTime()}.${last.id}` : null;
      return { body: { items: found.slice(0, limit).map(viewResponse), nextCursor } };
    },
  });
}

function readRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "readView",
    method: "GET",
    path: "/views/:viewId",
    tag: TAG,
    summary: "Read a session of a player, with what it told every ten seconds",
    access: requires("lessons:read", ...STAFF),
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
    params: idParam("lessonId"),
    status: 200,
    answer: experienceShape,
    refusals: ["not-found", "refused-by-rule"],
    handle: async ({ actor, params: { lessonId } }) => {
      await findLesson(db, actor, lessonId, "assist");
      return { body: await experienceOf(db, { lessonId, ...WHOLE_LESSON }, systemClock.utc()) };
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
    status: 200,
    answer: z.record(z.string(), z.unknown()).meta({ id: "JsonSchema" }),
    refusals: [],
    handle: async () => ({ body: schema }),
  });
}

function sessions(db: Db) {
  return db
    .selectFrom("view_sessions")
    .leftJoin("participants", "participants.id", "view_sessions.participant_id")
    .selectAll("view_sessions")
    .select("participants.name");
}

function parseCursor(cursor: string): { readonly at: Date; readonly id: string } {
  const [, at = "", sid = ""] = /^(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  if (at === "") throw new RefusalError("bad-request");
  return { at: new Date(Number(at)), id: sid };
}
