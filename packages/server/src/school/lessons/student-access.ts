/** Decides who may read a student's record: the student, staff who teach them, and administrators. */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../../access/actor.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import type { Db, User } from "../foundation/store/tables.ts";
import { findUser } from "../people/accounts/user.ts";

/** Whether the actor assists in the lesson in the row of `lessons`, as `hasLessonRight` of lesson-rights.ts says for one lesson. */
export function assistsLesson({ role, id, schoolId }: Actor): RawBuilder<SqlBool> {
  if (role === "operator") return sql<SqlBool>`true`;
  const ofSchool = sql<SqlBool>`lessons.school_id = ${schoolId ?? ""}`;
  if (role === "administrator") return ofSchool;
  if (role !== "teacher" && role !== "assistant") return sql<SqlBool>`false`;
  const ofCourse = sql`lessons.course_id = any(array(select course_id from course_members
    where user_id = ${id ?? ""} and role in ('teacher', 'assistant')))`;
  return role === "teacher"
    ? sql<SqlBool>`(${ofSchool} and (${ofCourse} or lessons.teacher_id = ${id ?? ""}))`
    : sql<SqlBool>`(${ofSchool} and ${ofCourse})`;
}

/** @throws RefusalError not-found, also where staff have no lesson with the person, and where the person is no student */
export async function findStudent(db: Db, actor: Actor, userId: string): Promise<User> {
  const student = await findUser(db, actor, userId);
  const missing = new RefusalError("not-found", schoolText("no-person"));
  if (student.role !== "student") throw missing;
  if (actor.kind === "user" && actor.id === student.id) return student;
  if (actor.role === "operator" || actor.role === "administrator") return student;
  const { rows } = await sql`
    select 1 from course_members student join course_members staff on staff.course_id = student.course_id
    where student.user_id = ${student.id} and student.role = 'student' and staff.user_id = ${actor.id ?? ""}
      and staff.role in ('teacher', 'assistant') and ${actor.role} in ('teacher', 'assistant')
    union all
    select 1 from lessons where ${assistsLesson(actor)} and lessons.deleted_at is null and (
      lessons.id = any(array(select lesson_id from lesson_invitations where user_id = ${student.id}))
      or lessons.id = any(array(select lesson_id from participants where user_id = ${student.id})))
    limit 1`.execute(db);
  if (rows.length === 0) throw missing;
  return student;
}
