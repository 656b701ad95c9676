/** Lessons: making, changing, beginning, ending. */

import { z } from "zod";
import type { Actor } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { findUser } from "../accounts/people-routes.ts";
import { findCourse } from "../courses/routes.ts";
import {
  changedLesson,
  endsLater,
  id,
  idParam,
  instant,
  lessonShape,
  newLesson,
  pageOf,
  paging,
  search,
} from "../requests/fields.ts";
import {
  containsPattern,
  type Desk,
  definedFields,
  EVERY_ROLE,
  requires,
  STAFF,
  schoolScope,
  TEACHERS,
  targetSchool,
  toDate,
  toPage,
} from "../requests/route-context.ts";
import { type Change, checkVersion } from "../store/change.ts";
import { type Db, LESSON_STATES, type Lesson } from "../store/tables.ts";
import { newSecret } from "./join-code.ts";
import { endLesson, findLesson, hasLessonRight, newLessonRow, startLesson, visibleLessons } from "./lesson.ts";
import { lessonResponse } from "./lesson-shape.ts";

const TAG = "Lessons";

export function lessonRoutes({ db, changes, streams }: Desk): ApiRoute[] {
  const show = (lesson: Lesson, origin: string, leads: boolean) =>
    lessonResponse(lesson, { origin, rtmp: streams.rtmpOf(origin) }, leads);
  const showTo = async (of: Db, actor: Actor, lesson: Lesson, origin: string) =>
    show(lesson, origin, await hasLessonRight(of, actor, lesson, "teach"));
  /** A change of one lesson by somebody who has the right to it. */
  const changing = (
    call: {
      readonly actor: Actor;
      readonly params: { readonly lessonId: string };
      readonly origin: string;
      readonly ifMatch: number | null;
    },
    right: "assist" | "teach",
    work: (change: Change, lesson: Lesson) => Promise<Lesson>,
    inBin = false,
  ) =>
    changes.transact({ actor: call.actor }, async (change) => {
      const lesson = await findLesson(change.trx, call.actor, call.params.lessonId, right, inBin);
      checkVersion(lesson, call.ifMatch);
      const after = await work(change, lesson);
      change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
      return { body: await showTo(change.trx, call.actor, after, call.origin) };
    });

  return [
    route({
      id: "listLessons",
      method: "GET",
      path: "/lessons",
      tag: TAG,
      summary: "Lessons that I may see, by time, state, course or teacher",
      access: requires("lessons:read", ...EVERY_ROLE),
      query: z.strictObject({
        ...paging,
        schoolId: id.optional(),
        courseId: id.optional(),
        teacherId: id.optional(),
        state: z.enum(LESSON_STATES).optional(),
        search: search.describe("Part of the title."),
        from: instant.optional().describe("Lessons that begin at this time or later."),
        to: instant.optional().describe("Lessons that begin before this time."),
        deleted: z.stringbool().default(false).describe("Those in the bin instead."),
      }),
      status: 200,
      answer: pageOf(lessonShape),
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, origin, query }) => {
        const { limit, cursor = "" } = query;
        const school = schoolScope(actor, query.schoolId);
        let all = visibleLessons(db, actor, query.deleted)
          .where("lessons.id", ">", cursor)
          .orderBy("lessons.id")
          .limit(limit + 1);
        if (school !== null) all = all.where("lessons.school_id", "=", school);
        if (query.courseId) all = all.where("lessons.course_id", "=", query.courseId);
        if (query.teacherId) all = all.where("lessons.teacher_id", "=", query.teacherId);
        if (query.search) all = all.where("lessons.title", "ilike", containsPattern(query.search));
        if (query.state) all = all.where("lessons.state", "=", query.state);
        if (query.from) all = all.where("lessons.starts_at", ">=", new Date(query.from));
        if (query.to) all = all.where("lessons.starts_at", "<", new Date(query.to));
        const rows = await all.execute();
        const led = await ledCourses(db, actor);
        const leads = (lesson: Lesson) =>
          led === "all" ||
          (actor.role === "teacher" && lesson.teacher_id === actor.id) ||
          (lesson.course_id !== null && led.has(lesson.course_id));
        return { body: toPage(rows, limit, (lesson) => show(lesson, origin, leads(lesson))) };
      },
    }),
    route({
      id: "createLesson",
      method: "POST",
      path: "/lessons",
      tag: TAG,
      summary: "Make a lesson, with its own stream, publish key and join code",
      access: requires("lessons:write", ...TEACHERS),
      body: newLesson,
      status: 201,
      answer: lessonShape,
      creates: true,
      refusals: ["not-found", "database-away"],
      handle: async ({ body, origin, ...asker }) => {
        const { actor } = asker;
        return await changes.transact(asker, async (change) => {
          const school = await targetSchool(change.trx, actor, body.schoolId);
          // A teacher's lesson is the teacher's, unless it is said to be a colleague's.
          const teacherId = body.teacherId ?? (actor.role === "teacher" ? actor.id : null);
          await checkPeople(change.trx, actor, school.id, body.courseId ?? null, teacherId);
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
          });
          const lesson = await change.trx.insertInto("lessons").values(row).returningAll().executeTakeFirstOrThrow();
          await change.audit({
            action: "lesson.create",
            schoolId: school.id,
            targetKind: "lesson",
            targetId: lesson.id,
            after: lesson,
          });
          await change.emit("lesson.created", school.id, about(lesson));
          return { body: show(lesson, origin, true) };
        });
      },
    }),
    route({
      id: "getLesson",
      method: "GET",
      path: "/lessons/:lessonId",
      tag: TAG,
      summary: "One lesson",
      access: requires("lessons:read", ...EVERY_ROLE),
      params: idParam("lessonId"),
      status: 200,
      answer: lessonShape,
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, params, origin }) => {
        const lesson = await findLesson(db, actor, params.lessonId, "see");
        return { body: await showTo(db, actor, lesson, origin) };
      },
    }),
    route({
      id: "changeLesson",
      method: "PATCH",
      path: "/lessons/:lessonId",
      tag: TAG,
      summary: "Change a lesson",
      access: requires("lessons:write", ...TEACHERS),
      params: idParam("lessonId"),
      body: changedLesson,
      status: 200,
      answer: lessonShape,
      changes: true,
      refusals: ["not-found", "refused-by-rule", "precondition-failed", "database-away"],
      handle: (call) =>
        changing(call, "teach", async (change, lesson) => {
          const { body, actor } = call;
          await checkPeople(change.trx, actor, lesson.school_id, body.courseId ?? null, body.teacherId ?? null);
          const startsAt = body.startsAt === undefined ? lesson.starts_at : toDate(body.startsAt);
          const endsAt = body.endsAt === undefined ? lesson.ends_at : toDate(body.endsAt);
          if (!endsLater({ startsAt: startsAt?.toISOString(), endsAt: endsAt?.toISOString() }))
            throw new RefusalError("bad-request", "endsAt is not after startsAt.");
          const columns = definedFields({
            title: body.title,
            course_id: body.courseId,
            teacher_id: body.teacherId,
            mode: body.mode,
            record: body.record,
            guests: body.guests,
            capacity: body.capacity,
          });
          const after = await change.trx
            .updateTable("lessons")
            .set((row) => ({ ...columns, starts_at: startsAt, ends_at: endsAt, version: row("version", "+", 1) }))
            .where("id", "=", lesson.id)
            .returningAll()
            .executeTakeFirstOrThrow();
          await audited(change, "lesson.change", lesson, after);
          await change.emit("lesson.changed", after.school_id, about(after));
          return after;
        }),
    }),
    route({
      id: "deleteLesson",
      method: "DELETE",
      path: "/lessons/:lessonId",
      tag: TAG,
      summary: "Put a lesson into the bin, for 30 days; refused while it is live",
      access: requires("lessons:write", ...TEACHERS),
      params: idParam("lessonId"),
      status: 204,
      answer: null,
      changes: true,
      refusals: ["not-found", "refused-by-rule", "conflict", "precondition-failed", "database-away"],
      handle: ({ actor, params, ifMatch }) =>
        changes.transact({ actor }, async (change) => {
          const lesson = await findLesson(change.trx, actor, params.lessonId, "teach");
          checkVersion(lesson, ifMatch);
          if (lesson.state === "live" || streams.isLive(lesson.stream_app, lesson.stream_name))
            throw new RefusalError("conflict", "The lesson is live. End it first.");
          const after = await setDeleted(change, lesson, new Date());
          await audited(change, "lesson.delete", lesson, after);
          await change.emit("lesson.deleted", lesson.school_id, about(lesson));
          change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
          return { body: null };
        }),
    }),
    route({
      id: "restoreLesson",
      method: "POST",
      path: "/lessons/:lessonId/restore",
      tag: TAG,
      summary: "Take a lesson out of the bin again, as it was",
      access: requires("lessons:write", ...TEACHERS),
      params: idParam("lessonId"),
      status: 200,
      answer: lessonShape,
      refusals: ["not-found", "refused-by-rule", "database-away"],
      handle: (call) =>
        changing(
          { ...call, ifMatch: null },
          "teach",
          async (change, lesson) => {
            const after = await setDeleted(change, lesson, null);
            await audited(change, "lesson.restore", lesson, after);
            await change.emit("lesson.restored", after.school_id, about(after));
            return after;
          },
          true,
        ),
    }),
    route({
      id: "startLesson",
      method: "POST",
      path: "/lessons/:lessonId/start",
      tag: TAG,
      summary: "Begin a lesson by hand, with or without a picture yet",
      access: requires("lessons:write", ...STAFF),
      params: idParam("lessonId"),
      status: 200,
      answer: lessonShape,
      refusals: ["not-found", "refused-by-rule", "database-away"],
      handle: (call) => changing({ ...call, ifMatch: null }, "assist", (change, lesson) => startLesson(change, lesson, "hand")),
    }),
    route({
      id: "endLesson",
      method: "POST",
      path: "/lessons/:lessonId/end",
      tag: TAG,
      summary: "End a lesson: its publisher and its viewers are told, and it cannot be published again before it is begun by hand",
      access: requires("lessons:write", ...STAFF),
      params: idParam("lessonId"),
      status: 200,
      answer: lessonShape,
      refusals: ["not-found", "refused-by-rule", "database-away"],
      handle: (call) =>
        changing({ ...call, ifMatch: null }, "assist", async (change, lesson) => {
          change.afterCommit(() => void streams.end(lesson.stream_app, lesson.stream_name));
          return await endLesson(change, lesson, "hand");
        }),
    }),
    route({
      id: "rotateKey",
      method: "POST",
      path: "/lessons/:lessonId/rotate-key",
      tag: TAG,
      summary: "A new publish key; the old one is void at once",
      access: requires("lessons:write", ...TEACHERS),
      params: idParam("lessonId"),
      body: z
        .strictObject({ disconnect: z.boolean().default(false).describe("Also end whoever publishes with the old key.") })
        .prefault({}),
      status: 200,
      answer: lessonShape,
      refusals: ["not-found", "refused-by-rule", "database-away"],
      handle: (call) =>
        changing({ ...call, ifMatch: null }, "teach", async (change, lesson) => {
          const after = await change.trx
            .updateTable("lessons")
            .set((row) => ({ publish_key: newSecret(), version: row("version", "+", 1) }))
            .where("id", "=", lesson.id)
            .returningAll()
            .executeTakeFirstOrThrow();
          await audited(change, "lesson.rotate-key", lesson, after);
          if (call.body.disconnect) change.afterCommit(() => void streams.end(lesson.stream_app, lesson.stream_name));
          return after;
        }),
    }),
  ];
}

function setDeleted(change: Change, lesson: Lesson, at: Date | null): Promise<Lesson> {
  return change.trx
    .updateTable("lessons")
    .set((row) => ({ deleted_at: at, version: row("version", "+", 1) }))
    .where("id", "=", lesson.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Courses whose lessons somebody teaches. */
async function ledCourses(db: Db, { role, id: me }: Actor): Promise<ReadonlySet<string> | "all"> {
  if (role === "operator" || role === "administrator") return "all";
  const rows = await db
    .selectFrom("course_members")
    .select("course_id")
    .where("user_id", "=", me ?? "")
    .where("role", "=", "teacher")
    .execute();
  return new Set(rows.map(({ course_id }) => course_id));
}

async function checkPeople(
  db: Db,
  actor: Actor,
  schoolId: string,
  courseId: string | null,
  teacherId: string | null,
): Promise<void> {
  const course = courseId === null ? null : await findCourse(db, actor, courseId);
  if (course && course.school_id !== schoolId) throw new RefusalError("not-found", "There is no such course.");
  const teacher = teacherId === null ? null : await findUser(db, actor, teacherId);
  if (teacher && teacher.school_id !== schoolId) throw new RefusalError("not-found", "There is no such person.");
  if (teacher && teacher.role !== "teacher" && teacher.role !== "administrator")
    throw new RefusalError("bad-request", "teacherId names somebody who is no teacher.");
}

function audited(change: Change, action: string, before: Lesson, after: Lesson): Promise<void> {
  return change.audit({ action, schoolId: before.school_id, targetKind: "lesson", targetId: before.id, before, after });
}

/** What webhooks tell of a lesson. */
function about(lesson: Lesson) {
  const { id: lessonId, title, state, course_id: courseId, teacher_id: teacherId, starts_at: startsAt, ends_at: endsAt } = lesson;
  return { lessonId, title, state, courseId, teacherId, startsAt, endsAt };
}
