/**
 * Says in SQL which people may see a lesson: administrators, the lesson's teacher, members of its course, people who were invited, and where a
 * lesson without a course is open to the school, its students. The role of the account counts: a person who is no teacher any more teaches nothing.
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../../access/actor.ts";

/** Whether the person in the row of `users` may see the lesson in the row of `lessons`. */
export const USER_SEES_LESSON: RawBuilder<SqlBool> = sql<SqlBool>`(lessons.school_id = users.school_id and (
    users.role = 'administrator'
    or (users.role = 'teacher' and lessons.teacher_id = users.id)
    or exists (select 1 from course_members as member where member.course_id = lessons.course_id and member.user_id = users.id)
    or exists (select 1 from lesson_invitations as invited where invited.lesson_id = lessons.id and invited.user_id = users.id)
    or (users.role = 'student' and lessons.open_to_school and lessons.course_id is null)
  ))`;

/**
 * Whether one person may see the lesson in the row of `lessons`: the same rule. Every way to a lesson is a condition that an index answers, so what
 * it costs grows with the person's lessons, not with the school's.
 */
export function seesLesson({ id, role, schoolId }: Actor): RawBuilder<SqlBool> {
  const ofSchool = sql<SqlBool>`lessons.school_id = ${schoolId ?? ""}`;
  if (role === "administrator") return ofSchool;
  const me = id ?? "";
  const ways = [
    sql`lessons.course_id = any(array(select course_id from course_members where user_id = ${me}))`,
    sql`lessons.id = any(array(select lesson_id from lesson_invitations where user_id = ${me}))`,
  ];
  if (role === "teacher") ways.push(sql`lessons.teacher_id = ${me}`);
  if (role === "student") ways.push(sql`(${ofSchool} and lessons.open_to_school and lessons.course_id is null)`);
  return sql<SqlBool>`(${ofSchool} and (${sql.join(ways, sql` or `)}))`;
}
