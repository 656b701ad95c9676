/** Says in SQL which people may see a lesson, for one person and many lessons as for one lesson and many people. */
import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../../access/actor.ts";

/** A person as values, or as columns of a query. */
export type PersonColumns = {
  readonly id: Expression<unknown>;
  readonly role: Expression<unknown>;
  readonly schoolId: Expression<unknown>;
};

/** The columns of a query that joins `users`. */
export const JOINED_USER: PersonColumns = {
  id: sql.ref("users.id"),
  role: sql.ref("users.role"),
  schoolId: sql.ref("users.school_id"),
};

export function personOf({ id, role, schoolId }: Actor): PersonColumns {
  return { id: sql`${id ?? ""}`, role: sql`${role ?? ""}`, schoolId: sql`${schoolId ?? ""}` };
}

/**
 * Whether a person may see the row of `lessons`: administrators, the lesson's teacher, members of its course, people who were invited, and where a
 * lesson without a course is open to the school, its students. The role of the account counts: a person who is no teacher any more teaches nothing.
 */
export function seesLesson({ id, role, schoolId }: PersonColumns): RawBuilder<SqlBool> {
  return sql<SqlBool>`(lessons.school_id = ${schoolId} and (
    ${role} = 'administrator'
    or (${role} = 'teacher' and lessons.teacher_id = ${id})
    or exists (select 1 from course_members as member where member.course_id = lessons.course_id and member.user_id = ${id})
    or exists (select 1 from lesson_invitations as invited where invited.lesson_id = lessons.id and invited.user_id = ${id})
    or (${role} = 'student' and lessons.open_to_school and lessons.course_id is null)
  ))`;
}
