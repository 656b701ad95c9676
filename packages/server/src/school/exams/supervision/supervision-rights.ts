/**
 * Decides who supervises which candidates of an examination: administrators and the teachers of its course all of them, others those of their groups. An examination
 * of no course, and without groups, is every teacher's of the school, as its papers are. Others do not learn that it exists.
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** Students supervise nobody. The role supervisor is that of people who only watch. */
export const SEE_CANDIDATES = requires("lessons:read", ...STAFF, "supervisor");
/** People of the role supervisor may write in rooms, and change no lesson. */
export const ACT_ON_CANDIDATES = requires("rooms:write", ...STAFF, "supervisor");

export type Supervised = {
  readonly exam: Exam;
  /** Whose candidates the actor sees; null: all. */
  readonly groups: readonly string[] | null;
};

/** @throws RefusalError not-found */
export async function findSupervised(db: Db, actor: Actor, examId: string): Promise<Supervised> {
  const exams = db.selectFrom("exams").selectAll().where("id", "=", examId).where("deleted_at", "is", null);
  const exam = await exams.executeTakeFirst();
  const groups = exam ? await supervisedGroups(db, actor, exam) : [];
  if (!exam || groups?.length === 0) throw new RefusalError("not-found", examText("no-exam"));
  return { exam, groups };
}

/** @throws RefusalError not-found, where the candidate is none of the actor's */
export function checkSupervises({ groups }: Supervised, { group_id }: Pick<ExamAttempt, "group_id">): void {
  if (groups !== null && (group_id === null || !groups.includes(group_id)))
    throw new RefusalError("not-found", examText("no-attempt"));
}

/** Null: all candidates; none: the actor supervises nobody here. */
export async function supervisedGroups(db: Db, actor: Actor, exam: Exam): Promise<readonly string[] | null> {
  if (actor.schoolId === null) return actor.role === "operator" ? null : [];
  if (actor.schoolId !== exam.school_id) return [];
  if (actor.role === "administrator") return null;
  if (actor.role === "teacher" && (await worksWith(db, actor, exam))) return null;
  const rows = await db
    .selectFrom("exam_group_people")
    .innerJoin("exam_groups", "exam_groups.id", "exam_group_people.group_id")
    .select("group_id")
    .where("exam_id", "=", exam.id)
    .where("user_id", "=", actor.id ?? "")
    .where("role", "=", "supervisor")
    .orderBy("group_id")
    .execute();
  return rows.map(({ group_id }) => group_id);
}

async function worksWith(db: Db, actor: Actor, { id, course_id }: Exam): Promise<boolean> {
  if (course_id === null) {
    const groups = db.selectFrom("exam_groups").select("id").where("exam_id", "=", id).limit(1);
    return (await groups.executeTakeFirst()) === undefined;
  }
  const members = db.selectFrom("course_members").select("role").where("course_id", "=", course_id);
  const teacher = members.where("user_id", "=", actor.id ?? "").where("role", "=", "teacher");
  return (await teacher.executeTakeFirst()) !== undefined;
}

/** Which examinations an actor supervises anybody of, as `findSupervised` decides for one. */
export function isSupervisedBy(actor: Actor): RawBuilder<SqlBool> {
  if (actor.schoolId === null) return actor.role === "operator" ? sql<SqlBool>`true` : sql<SqlBool>`false`;
  const ofSchool = sql<SqlBool>`exams.school_id = ${actor.schoolId}`;
  if (actor.role === "administrator") return ofSchool;
  const person = sql`${actor.id}`;
  if (actor.role !== "teacher") return sql<SqlBool>`${ofSchool} and ${isGroupSupervisor(person)}`;
  return sql<SqlBool>`${ofSchool} and (${isGroupSupervisor(person)} or ${isTeacherOfExam(person)})`;
}

/** Whether somebody supervises a group of the row of `exams`. @param person the id, as SQL */
export function isGroupSupervisor(person: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select from exam_groups g join exam_group_people p on p.group_id = g.id
    where g.exam_id = exams.id and p.user_id = ${person} and p.role = 'supervisor')`;
}

/** Whether somebody supervises one group. @param group its id, as SQL; null where a candidate is in none */
export function isSupervisorOfGroup(person: RawBuilder<unknown>, group: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select from exam_group_people p
    where p.group_id = ${group} and p.user_id = ${person} and p.role = 'supervisor')`;
}

/** Whether a teacher supervises all candidates of the row of `exams`. @param person the teacher's id, as SQL */
export function isTeacherOfExam(person: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`(exams.course_id is null and not exists (select from exam_groups g where g.exam_id = exams.id)
    or exists (select from course_members m where m.course_id = exams.course_id and m.user_id = ${person} and m.role = 'teacher'))`;
}
