/** Serves the API routes of a lesson's analytics, for its staff: figures, ranking, export. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging } from "../../foundation/requests/paging.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { lessonAnalytics } from "./lesson-analytics.ts";
import { type LessonPerson, lessonPeople, RANKINGS } from "./lesson-people.ts";
import { lessonAnalyticsShape, lessonPersonShape } from "./shapes.ts";

const TAG = "Analytics";
/** More than a lesson can have. */
const MAX_EXPORTED = 50_000;

export function lessonAnalyticsRoutes(context: RouteContext): ApiRoute[] {
  return [readRoute(context), rankingRoute(context), exportRoute(context)];
}

function readRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "readLessonAnalytics",
    method: "GET",
    path: "/reports/lessons/:lessonId",
    tag: TAG,
    summary: "Read a lesson's attendance, time watched, people by minute, replays, devices and interaction; also while it is live",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 200,
    answer: lessonAnalyticsShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const analytics = await lessonAnalytics(db, lesson, new Date(systemClock.utc()));
      const { id: lessonId, title, started_at: startedAt, ended_at: endedAt } = lesson;
      return { body: { lessonId, title, startedAt, endedAt, ...analytics, ranking: await hasRanking(db, lesson.school_id) } };
    },
  });
}

function rankingRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "rankLesson",
    method: "GET",
    path: "/reports/lessons/:lessonId/ranking",
    tag: TAG,
    summary: "Rank the students and guests of a lesson by attendance, time watched or interaction, where the school has rankings",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "results",
    params: idParam("lessonId"),
    query: z.strictObject({ ...paging, by: z.enum(RANKINGS).default("attendance") }),
    status: 200,
    answer: pageOf(lessonPersonShape),
    refusals: ["not-found", "refused-by-rule", "bad-request", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor, by } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      if (!(await hasRanking(db, lesson.school_id))) throw new RefusalError("refused-by-rule", schoolText("no-ranking"));
      if (cursor !== undefined && !/^\d{1,6}$/.test(cursor)) throw new RefusalError("bad-request");
      const offset = Number(cursor ?? 0);
      const people = await lessonPeople(db, lesson, { by, offset, limit: limit + 1, now: new Date(systemClock.utc()) });
      return { body: { items: people.slice(0, limit), nextCursor: people.length > limit ? String(offset + limit) : null } };
    },
  });
}

const PEOPLE = Object.keys(lessonPersonShape.shape);
const MINUTES = ["at", "present", "watching"] as const;

function exportRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "exportLessonAnalytics",
    method: "GET",
    path: "/reports/lessons/:lessonId/export",
    tag: TAG,
    summary: "Export a lesson's people by name, or its minutes, as CSV for spreadsheets",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "export",
    params: idParam("lessonId"),
    query: z.strictObject({ table: z.enum(["people", "minutes"]).default("people") }),
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { table } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const now = new Date(systemClock.utc());
      const headers = { "content-disposition": `attachment; filename="lesson-${table}.csv"` };
      if (table === "minutes") {
        const { minutes } = await lessonAnalytics(db, lesson, now);
        type Minute = (typeof minutes)[number];
        return {
          body: writeCsv(
            MINUTES.map((name) => ({ name, valueOf: (minute: Minute) => minute[name] })),
            minutes,
          ),
          headers,
        };
      }
      const people = await lessonPeople(db, lesson, { by: "name", limit: MAX_EXPORTED, offset: 0, now });
      const columns = PEOPLE.map((name) => ({ name, valueOf: (person: LessonPerson) => person[name as keyof LessonPerson] }));
      return { body: writeCsv(columns, people), headers };
    },
  });
}

async function hasRanking(db: Db, schoolId: string): Promise<boolean> {
  const school = await db.selectFrom("schools").select("lesson_ranking").where("id", "=", schoolId).executeTakeFirst();
  return school?.lesson_ranking ?? false;
}
