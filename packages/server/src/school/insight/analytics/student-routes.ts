/** Serves the API routes of a student's record: for the student, the staff of their lessons, and administrators. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import { id, idParam, instant } from "../../foundation/requests/fields.ts";
import { pageOf, paging } from "../../foundation/requests/paging.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { findStudent } from "../../lessons/student-access.ts";
import { studentLessonShape, studentRecordShape } from "./shapes.ts";
import { termOf } from "./spans.ts";
import { type StudentLesson, studentLessons } from "./student-lessons.ts";
import { allLessons, studentRecord } from "./student-record.ts";

const TAG = "Analytics";
const ACCESS = requires("people:read", ...STAFF, "student");
/** A page of lessons has all their chapters. */
const MAX_LESSONS = 200;

const span = {
  from: instant.optional().describe("Lessons that started from then on. Default: half a year before `to`."),
  to: instant.optional().describe("Lessons that started before. Default: now."),
  courseId: id.optional(),
};

export function studentRecordRoutes(context: RouteContext): ApiRoute[] {
  return [recordRoute(context), lessonsRoute(context), exportRoute(context)];
}

function recordRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "readStudentRecord",
    method: "GET",
    path: "/reports/students/:userId",
    tag: TAG,
    summary:
      "Read a student's record over a term of up to a year, with what to catch up on; teachers get that of their own lessons",
    access: ACCESS,
    rights: ["+++0+0--", "+00000--"],
    reads: "results",
    params: idParam("userId"),
    query: z.strictObject(span),
    status: 200,
    answer: studentRecordShape,
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, params, query }) => {
      const student = await findStudent(db, actor, params.userId);
      const term = termOf(query);
      const scope = { ...term, courseId: query.courseId };
      const record = await studentRecord(db, student, actor, scope, new Date(systemClock.utc()));
      return { body: { userId: student.id, name: student.name, ...term, ...record } };
    },
  });
}

function lessonsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listStudentLessons",
    method: "GET",
    path: "/reports/students/:userId/lessons",
    tag: TAG,
    summary: "List a student's lessons of a term, newest first, with what the student attended, watched and answered",
    access: ACCESS,
    rights: ["+++0+0--", "+00000--"],
    reads: "results",
    params: idParam("userId"),
    query: z.strictObject({ ...paging, ...span }),
    status: 200,
    answer: pageOf(studentLessonShape),
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, params, query }) => {
      const student = await findStudent(db, actor, params.userId);
      const limit = Math.min(query.limit, MAX_LESSONS);
      const after = query.cursor === undefined ? null : parseCursor(query.cursor);
      const scope = { ...termOf(query), courseId: query.courseId, after, limit: limit + 1, order: "newest" as const };
      const lessons = await studentLessons(db, student, actor, scope, new Date(systemClock.utc()));
      const last = lessons.length > limit ? lessons[limit - 1] : undefined;
      const nextCursor = last ? `${last.startedAt.getTime()}.${last.lessonId}` : null;
      return { body: { items: lessons.slice(0, limit), nextCursor } };
    },
  });
}

const COLUMNS = ["startedAt", "endedAt", "course", "title", "lessonId", "outcome", "presentMs", "watchedMs"] as const;
const RESULTS = ["quizzes", "answered", "graded", "correct", "stars"] as const;

function exportRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "exportStudentLessons",
    method: "GET",
    path: "/reports/students/:userId/export",
    tag: TAG,
    summary: "Export a student's lessons of a term as CSV for spreadsheets, oldest first",
    access: ACCESS,
    rights: ["+++0+0--", "+00000--"],
    reads: "export",
    params: idParam("userId"),
    query: z.strictObject(span),
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, params, query }) => {
      const student = await findStudent(db, actor, params.userId);
      const scope = { ...termOf(query), courseId: query.courseId };
      const lessons: StudentLesson[] = [];
      for await (const lesson of allLessons(db, student, actor, scope, new Date(systemClock.utc()))) lessons.push(lesson);
      const replayMs = ({ recordings }: StudentLesson) => recordings.reduce((sum, { playedMs }) => sum + playedMs, 0);
      const columns = [
        ...COLUMNS.map((name) => ({ name, valueOf: (lesson: StudentLesson) => lesson[name] })),
        { name: "replayMs", valueOf: replayMs },
        ...RESULTS.map((name) => ({ name, valueOf: (lesson: StudentLesson) => lesson[name] })),
      ];
      return { body: writeCsv(columns, lessons), headers: { "content-disposition": 'attachment; filename="student-lessons.csv"' } };
    },
  });
}

function parseCursor(cursor: string): { readonly startedAt: Date; readonly id: string } {
  const [, at = "", lessonId = ""] = /^(\d{1,15})\.(\w{1,64})$/.exec(cursor) ?? [];
  if (at === "") throw new RefusalError("bad-request");
  return { startedAt: new Date(Number(at)), id: lessonId };
}
