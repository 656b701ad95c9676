/**
 * Decides who works with papers and examinations: administrators with all of the school; teachers with those of their courses, and with those of no course. Others do not learn
 * that they exist: questions are secret before the examination.
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../../access/actor.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { examText } from "../foundation/messages/exam-texts.ts";
import { requires, TEACHERS } from "../foundation/requests/permissions.ts";
import type { Exam, ExamPaper } from "../foundation/store/exam-tables.ts";
import type { Db } from "../foundation/store/tables.ts";
import { checkTeachesCourse } from "../people/courses/course.ts";

export const READ_EXAMS = requires("lessons:read", ...TEACHERS);
export const WRITE_EXAMS = requires("lessons:write", ...TEACHERS);

/** Papers that the actor works with. */
export function reachedPapers(db: Db, actor: Actor) {
  return db.selectFrom("exam_papers").selectAll("exam_papers").where(isReached("exam_papers", actor));
}

/** Examinations that the actor works with. */
export function reachedExams(db: Db, actor: Actor) {
  return db.selectFrom("exams").selectAll("exams").where("exams.deleted_at", "is", null).where(isReached("exams", actor));
}

/** @throws RefusalError not-found */
export async function findPaper(db: Db, actor: Actor, paperId: string): Promise<ExamPaper> {
  const paper = await reachedPapers(db, actor).where("exam_papers.id", "=", paperId).executeTakeFirst();
  if (!paper) throw new RefusalError("not-found", examText("no-paper"));
  return paper;
}

/** @throws RefusalError not-found */
export async function findExam(db: Db, actor: Actor, examId: string): Promise<Exam> {
  const exam = await reachedExams(db, actor).where("exams.id", "=", examId).executeTakeFirst();
  if (!exam) throw new RefusalError("not-found", examText("no-exam"));
  return exam;
}

export function isReached(table: "exams" | "exam_papers", actor: Actor): RawBuilder<SqlBool> {
  if (actor.schoolId === null) return actor.role === "operator" ? sql<SqlBool>`true` : sql<SqlBool>`false`;
  const ofSchool = sql<SqlBool>`${sql.ref(`${table}.school_id`)} = ${actor.schoolId}`;
  if (actor.role !== "teacher") return ofSchool;
  const course = sql.ref(`${table}.course_id`);
  return sql<SqlBool>`${ofSchool} and (${course} is null or exists (
    select 1 from course_members m where m.course_id = ${course} and m.user_id = ${actor.id} and m.role = 'teacher'))`;
}

/**
 * Whether something may be put into a course.
 * @throws RefusalError not-found, where there is no such course in the school; refused-by-rule
 */
export async function checkCourse(db: Db, actor: Actor, schoolId: string, courseId: string | null): Promise<void> {
  await checkTeachesCourse(db, actor, { schoolId, courseId }, { missing: examText("no-exam"), notOwn: examText("of-course") });
}

/** @throws RefusalError conflict, where candidates have nothing of it yet */
export function published(exam: Exam): Exam {
  if (!exam.published_at) throw new RefusalError("conflict", examText("not-published"));
  return exam;
}
