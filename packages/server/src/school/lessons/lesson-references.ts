/** Checks that the course and the teacher of a lesson are of its school. */
import type { Actor } from "../../access/actor.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import type { Db } from "../foundation/store/tables.ts";
import { findUser } from "../people/accounts/user.ts";
import { findCourse } from "../people/courses/course.ts";

/** @throws RefusalError not-found, bad-request, where the course or the teacher does not fit the school */
export async function checkReferences(
  db: Db,
  actor: Actor,
  schoolId: string,
  courseId: string | null,
  teacherId: string | null,
): Promise<void> {
  const course = courseId === null ? null : await findCourse(db, actor, courseId);
  if (course && course.school_id !== schoolId) throw new RefusalError("not-found", schoolText("no-course"));
  const teacher = teacherId === null ? null : await findUser(db, actor, teacherId);
  if (teacher && teacher.school_id !== schoolId) throw new RefusalError("not-found", schoolText("no-person"));
  if (teacher && teacher.role !== "teacher" && teacher.role !== "administrator")
    throw new RefusalError("bad-request", schoolText("not-a-teacher"));
}
