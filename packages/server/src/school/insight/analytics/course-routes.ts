/** Serves the API route of a course's results: a line for each of its students. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { systemClock } from "../../../platform/clock.ts";
import { id, idParam, instant } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { findCourse } from "../../people/courses/course.ts";
import { courseResultShape } from "./shapes.ts";
import { termOf } from "./spans.ts";
import { studentRecord } from "./student-record.ts";

/** Each student takes a few queries. */
const MAX_STUDENTS = 50;

export function courseResultsRoutes({ db }: RouteContext): ApiRoute[] {
  return [
    route({
      id: "listCourseResults",
      method: "GET",
      path: "/reports/courses/:courseId/students",
      tag: "Analytics",
      summary: "List the students of a course with their lessons, presence and answers over a term of up to a year",
      access: requires("people:read", ...STAFF),
      rights: ["+++++---", "+0000---"],
      reads: "results",
      params: idParam("courseId"),
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(MAX_STUDENTS).default(MAX_STUDENTS).describe("Items per page."),
        cursor: paging.cursor.pipe(id.optional()),
        from: instant.optional().describe("Lessons that started from then on. Default: half a year before `to`."),
        to: instant.optional().describe("Lessons that started before. Default: now."),
      }),
      status: 200,
      answer: pageOf(courseResultShape),
      refusals: ["not-found", "bad-request", "database-away"],
      handle: async ({ actor, params, query: { limit, cursor = "", ...span } }) => {
        const course = await findCourse(db, actor, params.courseId);
        const scope = { ...termOf(span), courseId: course.id };
        const students = await db
          .selectFrom("course_members")
          .innerJoin("users", "users.id", "course_members.user_id")
          .selectAll("users")
          .where("course_id", "=", course.id)
          .where("course_members.role", "=", "student")
          .where("users.id", ">", cursor)
          .orderBy("users.id")
          .limit(limit + 1)
          .execute();
        const { items, nextCursor } = toPage(students, limit, (student) => student);
        const results: z.input<typeof courseResultShape>[] = [];
        for (const student of items) {
          const record = await studentRecord(db, student, actor, scope, new Date(systemClock.utc()));
          const { lessons, attended, partly, missed, caughtUp, presentMs, watchedMs, quizzes, answered, graded, correct, stars } =
            record;
          const presence = { lessons, attended, partly, missed, caughtUp, presentMs, watchedMs };
          results.push({ userId: student.id, name: student.name, ...presence, quizzes, answered, graded, correct, stars });
        }
        return { body: { items: results, nextCursor } };
      },
    }),
  ];
}
