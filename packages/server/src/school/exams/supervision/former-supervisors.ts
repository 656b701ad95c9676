/** Finds who has looked at candidates of an examination and may not any more: what they opened, live and recorded, ends. */
import { type SqlBool, sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";
import { operatorMayEnter, WATCHING_MS } from "../../lessons/ended-permissions.ts";
import { isSupervisorOfGroup, isTeacherOfExam } from "./supervision-rights.ts";

export type FormerSupervisor = { readonly userId: string; readonly attemptId: string };

/** Of each candidate whom they looked at: another's by now, or theirs no more, as `findSupervised` and `checkSupervises` decide for requests. */
export async function formerSupervisors(db: Db, examId: string, now = Date.now()): Promise<readonly FormerSupervisor[]> {
  const person = sql.ref("users.id");
  const rows = await db
    .selectFrom("exam_looks")
    .innerJoin("exam_attempts", "exam_attempts.id", "exam_looks.attempt_id")
    .innerJoin("exams", "exams.id", "exam_attempts.exam_id")
    .innerJoin("users", "users.id", "exam_looks.user_id")
    .select(["exam_looks.user_id", "exam_looks.attempt_id"])
    .where("exam_attempts.exam_id", "=", examId)
    .where("looked_at", ">", new Date(now - WATCHING_MS))
    .where(
      sql<SqlBool>`(users.disabled_at is not null or not (
        (users.role = 'operator' and ${operatorMayEnter("exams.school_id", now)})
        or (users.school_id = exams.school_id and (users.role = 'administrator'
          or (users.role <> 'student' and ${isSupervisorOfGroup(person, sql.ref("exam_attempts.group_id"))})
          or (users.role = 'teacher' and ${isTeacherOfExam(person)})))))`,
    )
    .orderBy("exam_looks.user_id")
    .orderBy("exam_looks.attempt_id")
    .execute();
  return rows.map(({ user_id, attempt_id }) => ({ userId: user_id, attemptId: attempt_id }));
}
