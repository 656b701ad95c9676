/** Finds who has looked at candidates of an examination and may not any more: what they opened, live and recorded, ends. */
import { type SqlBool, sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";
import { operatorMayEnter, WATCHING_MS } from "../../lessons/ended-permissions.ts";
import { isGroupSupervisor, isTeacherOfExam } from "./supervision-rights.ts";

/** By user id: as `findSupervised` decides for requests. */
export async function formerSupervisors(db: Db, examId: string, now = Date.now()): Promise<string[]> {
  const person = sql.ref("users.id");
  const rows = await db
    .selectFrom("exam_watchers")
    .innerJoin("users", "users.id", "exam_watchers.user_id")
    .innerJoin("exams", "exams.id", "exam_watchers.exam_id")
    .select("users.id")
    .where("exam_watchers.exam_id", "=", examId)
    .where("watched_at", ">", new Date(now - WATCHING_MS))
    .where(
      sql<SqlBool>`(users.disabled_at is not null or not (
        (users.role = 'operator' and ${operatorMayEnter("exams.school_id", now)})
        or (users.school_id = exams.school_id and (users.role = 'administrator'
          or (users.role <> 'student' and ${isGroupSupervisor(person)})
          or (users.role = 'teacher' and ${isTeacherOfExam(person)})))))`,
    )
    .orderBy("users.id")
    .execute();
  return rows.map(({ id }) => id);
}
