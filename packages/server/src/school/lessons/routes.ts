/** Serves the API routes for lessons: list, create, get and change. `state-routes.ts` has their life cycle. */
import { z } from "zod";
import type { Actor } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import { definedFields, externalId, flag, id, idParam, instant, search, toDate } from "../foundation/requests/fields.ts";
import { hasWords } from "../foundation/requests/folded.ts";
import { listingQuery, listOf, listPage, type SortKey } from "../foundation/requests/listing.ts";
import { EVERY_ROLE, requires, TEACHERS } from "../foundation/requests/permissions.ts";
import { checkLadder, ladderColumns } from "../foundation/schools/ladder-choice.ts";
import { schoolScope, targetSchool } from "../foundation/schools/scope.ts";
import { LESSON_STATES } from "../foundation/store/lesson-tables.ts";
import type { Db, Lesson } from "../foundation/store/tables.ts";
import { updateRow } from "../foundation/store/update-row.ts";
import { hourlyCounts } from "../people/limits/hourly-limits.ts";
import {
  auditLesson,
  changeLesson,
  checkCaptions,
  type LessonContext,
  lessonEventData,
  respond,
  respondTo,
  taken,
} from "./change-lesson.ts";
import { checkReferences } from "./lesson-references.ts";
import { findLesson, visibleLessons } from "./lesson-rights.ts";
import { newLessonRow } from "./lesson-row.ts";
import { changedLesson, endsAfterStart, lessonShape, newLesson } from "./shapes.ts";
import { differsFromSeries } from "./weekly/series-lesson.ts";

const TAG = "Lessons";
const LESSON_ORDERS: Readonly<Record<string, SortKey<Lesson>>> = {
  startsAt: { column: "lessons.starts_at", type: "timestamptz", valueOf: ({ starts_at }) => starts_at },
  endedAt: { column: "lessons.ended_at", type: "timestamptz", valueOf: ({ ended_at }) => ended_at },
  title: { column: "lessons.title", type: "text", valueOf: ({ title }) => title },
  updatedAt: { column: "lessons.updated_at", type: "timestamptz", valueOf: ({ updated_at }) => updated_at },
};

export function lessonRoutes(context: LessonContext): ApiRoute[] {
  return [listLessonsRoute(context), createLessonRoute(context), getLessonRoute(context), changeLessonRoute(context)];
}

function listLessonsRoute(context: LessonContext): ApiRoute {
  return route({
    id: "listLessons",
    method: "GET",
    path: "/lessons",
    tag: TAG,
    summary: "List lessons that the account may see, by time, state, course or teacher",
    access: requires("lessons:read", ...EVERY_ROLE),
    rights: ["+++++++-", "+000000-"],
    query: z.strictObject({
      ...listingQuery("startsAt", "endedAt", "title", "updatedAt"),
      externalId: externalId.optional(),
      schoolId: id.optional(),
      courseId: id.optional(),
      teacherId: id.optional(),
      seriesId: id.optional().describe("Lessons of this series."),
      state: z.enum(LESSON_STATES).optional(),
      search: search.describe("Words of the title, in any order, without accents."),
      from: instant.optional().describe("Lessons that start at this time or later."),
      to: instant.optional().describe("Lessons that start before this time."),
      deleted: flag.default(false).describe("true: lists the bin instead."),
    }),
    status: 200,
    answer: listOf(lessonShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, origin, query }) => {
      const { db } = context;
      const school = schoolScope(actor, query.schoolId);
      let matching = visibleLessons(db, actor, query.deleted);
      if (school !== null) matching = matching.where("lessons.school_id", "=", school);
      if (query.courseId) matching = matching.where("lessons.course_id", "=", query.courseId);
      if (query.teacherId) matching = matching.where("lessons.teacher_id", "=", query.teacherId);
      if (query.seriesId) matching = matching.where("lessons.series_id", "=", query.seriesId);
      const { search: words } = query;
      if (words) matching = matching.where(({ ref }) => hasWords(words, [ref("lessons.title")]));
      if (query.state) matching = matching.where("lessons.state", "=", query.state);
      if (query.from) matching = matching.where("lessons.starts_at", ">=", new Date(query.from));
      if (query.to) matching = matching.where("lessons.starts_at", "<", new Date(query.to));
      if (query.externalId) matching = matching.where("lessons.external_id", "=", query.externalId);
      const taught = await taughtCourses(db, actor);
      const teaches = (lesson: Lesson) =>
        taught === "all" ||
        (actor.role === "teacher" && lesson.teacher_id === actor.id) ||
        (lesson.course_id !== null && taught.has(lesson.course_id));
      const show = (lesson: Lesson) => respond(context, lesson, origin, actor, teaches(lesson));
      return { body: await listPage(matching, "lessons", LESSON_ORDERS, query, show) };
    },
  });
}

function createLessonRoute(context: LessonContext): ApiRoute {
  return route({
    id: "createLesson",
    method: "POST",
    path: "/lessons",
    tag: TAG,
    summary: "Create a lesson with its own stream, publish key and join code",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["++++----", "+000----"],
    body: newLesson,
    status: 201,
    answer: lessonShape,
    creates: true,
    refusals: ["not-found", "conflict", "refused-by-rule", "too-many", "database-away"],
    handle: async ({ body, origin, ...requester }) => {
      const { actor } = requester;
      await context.hourly.admit(hourlyCounts("code", actor));
      const created = context.changes.transact(requester, async (change) => {
        const school = await targetSchool(change.trx, actor, body.schoolId);
        // A teacher who names nobody else teaches the lesson.
        const teacherId = body.teacherId ?? (actor.role === "teacher" ? actor.id : null);
        await checkReferences(change.trx, actor, school.id, body.courseId ?? null, teacherId);
        await checkLadder(change.trx, school.id, body.ladder);
        const row = newLessonRow({
          schoolId: school.id,
          title: body.title,
          courseId: body.courseId ?? null,
          teacherId,
          startsAt: toDate(body.startsAt),
          endsAt: toDate(body.endsAt),
          mode: body.mode,
          record: body.record,
          guests: body.guests ?? school.guests,
          capacity: body.capacity,
          externalId: body.externalId,
          waitingRoom: body.waitingRoom,
          openToSchool: body.openToSchool,
        });
        checkCaptions(context, body.captions);
        const values = { ...row, captions: body.captions, ...ladderColumns(body) };
        const lesson = await change.trx.insertInto("lessons").values(values).returningAll().executeTakeFirstOrThrow();
        await change.audit({
          action: "lesson.create",
          schoolId: school.id,
          targetKind: "lesson",
          targetId: lesson.id,
          after: lesson,
        });
        await change.emit("lesson.created", school.id, lessonEventData(lesson));
        return { body: respond(context, lesson, origin, actor, true) };
      });
      return await created.catch(taken);
    },
  });
}

function getLessonRoute(context: LessonContext): ApiRoute {
  return route({
    id: "getLesson",
    method: "GET",
    path: "/lessons/:lessonId",
    tag: TAG,
    summary: "Get a lesson",
    access: requires("lessons:read", ...EVERY_ROLE),
    rights: ["+++0+++-", "+000000-"],
    params: idParam("lessonId"),
    status: 200,
    answer: lessonShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, origin }) => {
      const lesson = await findLesson(context.db, actor, params.lessonId, "see");
      return { body: await respondTo(context, context.db, actor, lesson, origin) };
    },
  });
}

function changeLessonRoute(context: LessonContext): ApiRoute {
  return route({
    id: "changeLesson",
    method: "PATCH",
    path: "/lessons/:lessonId",
    tag: TAG,
    summary: "Change a lesson",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("lessonId"),
    body: changedLesson,
    status: 200,
    answer: lessonShape,
    changes: true,
    refusals: ["not-found", "conflict", "refused-by-rule", "precondition-failed", "database-away"],
    handle: (call) =>
      changeLesson(context, call, "teach", async (change, lesson) => {
        const { body, actor } = call;
        await checkReferences(change.trx, actor, lesson.school_id, body.courseId ?? null, body.teacherId ?? null);
        await checkLadder(change.trx, lesson.school_id, body.ladder);
        checkCaptions(context, body.captions ?? false);
        const startsAt = body.startsAt === undefined ? lesson.starts_at : toDate(body.startsAt);
        const endsAt = body.endsAt === undefined ? lesson.ends_at : toDate(body.endsAt);
        if (!endsAfterStart({ startsAt: startsAt?.toISOString(), endsAt: endsAt?.toISOString() }))
          throw new RefusalError("bad-request", schoolText("ends-before-start"));
        const columns = definedFields({
          title: body.title,
          course_id: body.courseId,
          teacher_id: body.teacherId,
          mode: body.mode,
          record: body.record,
          // The setting replaces what was decided by hand.
          record_choice: body.record === undefined ? undefined : null,
          captions: body.captions,
          guests: body.guests,
          locked: body.locked,
          waiting_room: body.waitingRoom,
          open_to_school: body.openToSchool,
          capacity: body.capacity,
          external_id: body.externalId,
          ...ladderColumns(body),
        });
        const wanted = { ...columns, starts_at: startsAt, ends_at: endsAt };
        const series_edited = await differsFromSeries(change.trx, { ...lesson, ...wanted });
        const after = await updateRow(change, "lessons", lesson, { ...wanted, series_edited });
        await auditLesson(change, "lesson.change", lesson, after);
        await change.emit("lesson.changed", after.school_id, lessonEventData(after));
        return after;
      }),
  });
}

/** Courses that the actor teaches; a whole page of lessons needs them only once. */
async function taughtCourses(db: Db, { role, id: me }: Actor): Promise<ReadonlySet<string> | "all"> {
  if (role === "operator" || role === "administrator") return "all";
  if (role !== "teacher") return new Set();
  const rows = await db
    .selectFrom("course_members")
    .select("course_id")
    .where("user_id", "=", me ?? "")
    .where("role", "=", "teacher")
    .execute();
  return new Set(rows.map(({ course_id }) => course_id));
}
