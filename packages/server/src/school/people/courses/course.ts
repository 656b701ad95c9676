/** Finds the courses that an actor may see, and presents them in answers. */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Message } from "../../../platform/messages/message.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { SortKey } from "../../foundation/requests/listing.ts";
import { STAFF } from "../../foundation/requests/permissions.ts";
import { actsFor } from "../../foundation/schools/scope.ts";
import type { Course, Db } from "../../foundation/store/tables.ts";

/** Courses that the actor may see: all of the school for its staff, else those the actor is a member of. */
export function visibleCourses(db: Db, actor: Actor) {
  const courses = db.selectFrom("courses").selectAll("courses");
  if (actor.schoolId === null) return actor.role === "operator" ? courses : courses.where("courses.id", "is", null);
  const ofSchool = courses.where("courses.school_id", "=", actor.schoolId);
  if (actor.role !== null && STAFF.includes(actor.role)) return ofSchool;
  const own = db
    .selectFrom("course_members")
    .select("course_members.course_id")
    .where("user_id", "=", actor.id ?? "");
  return ofSchool.where("courses.id", "in", own);
}

/** @throws RefusalError not-found */
export async function findCourse(db: Db, actor: Actor, courseId: string): Promise<Course> {
  const course = await visibleCourses(db, actor).where("courses.id", "=", courseId).executeTakeFirst();
  if (!course || !actsFor(actor, course.school_id)) throw new RefusalError("not-found", schoolText("no-course"));
  return course;
}

/** The words of refusals about what belongs to a course. */
export type CourseWords = { readonly missing: Message; readonly notOwn: Message };

/**
 * What belongs to a course is its teachers'; what belongs to none is all teachers' of the school.
 * @throws RefusalError not-found, where there is no such course in the school; refused-by-rule
 */
export async function checkTeachesCourse(
  db: Db,
  actor: Actor,
  { schoolId, courseId }: { readonly schoolId: string; readonly courseId: string | null },
  { missing, notOwn }: CourseWords,
): Promise<void> {
  if (courseId === null) return;
  const course = await findCourse(db, actor, courseId);
  if (course.school_id !== schoolId) throw new RefusalError("not-found", missing);
  if (actor.role !== "teacher") return;
  const member = await db
    .selectFrom("course_members")
    .select("role")
    .where("course_id", "=", courseId)
    .where("user_id", "=", actor.id ?? "")
    .executeTakeFirst();
  if (member?.role !== "teacher") throw new RefusalError("refused-by-rule", notOwn);
}

export function courseResponse(course: Course) {
  return {
    id: course.id,
    schoolId: course.school_id,
    name: course.name,
    description: course.description,
    externalId: course.external_id,
    ladder: course.ladder,
    ladderStart: course.ladder_start,
    createdAt: course.created_at,
    updatedAt: course.updated_at,
    version: course.version,
  };
}

/** The data of a course's webhook events. */
export function courseEventData({ id: courseId, name, external_id: externalId }: Course) {
  return { courseId, name, externalId };
}

/** What the list of courses can be sorted by. */
export const COURSE_ORDERS: Readonly<Record<string, SortKey<Course>>> = {
  name: { column: "courses.name", type: "text", valueOf: ({ name }) => name },
  updatedAt: { column: "courses.updated_at", type: "timestamptz", valueOf: ({ updated_at }) => updated_at },
};
