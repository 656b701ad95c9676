/**
 * Reads the examinations of one person, a page at a time and in one statement: those of the courses where the person is a student, for students also those of the whole
 * school, and those that the person has entered before. With each goes the person's newest attempt.
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db, User } from "../../foundation/store/tables.ts";

export type OwnAttempt = Pick<
  ExamAttempt,
  "id" | "number" | "started_at" | "ends_at" | "handed_in_at" | "graded_at" | "points" | "points_of" | "waiting"
>;
export type OwnExam = {
  readonly exam: Exam;
  readonly course: string | null;
  /** Null: the person has not entered. */
  readonly attempt: OwnAttempt | null;
};

export type OwnExamQuery = {
  /** ahead: those that have not closed, the first to open first; past: the others, the last to close first. */
  readonly when: "ahead" | "past";
  readonly now: Date;
  readonly limit: number;
  /** The item before: its time and its id. */
  readonly after: { readonly at: Date; readonly id: string } | null;
};

/** By what a page of examinations is ordered. */
export function orderedAt({ opens_at, closes_at }: Pick<Exam, "opens_at" | "closes_at">, when: OwnExamQuery["when"]): Date {
  return when === "ahead" ? opens_at : closes_at;
}

export async function ownExams(db: Db, user: User, { when, now, limit, after }: OwnExamQuery): Promise<readonly OwnExam[]> {
  const isAhead = when === "ahead";
  const column = isAhead ? "exams.opens_at" : "exams.closes_at";
  // An attempt that was given more time goes on after the end.
  const goesOn = sql<SqlBool>`(exams.closes_at > ${now} or coalesce(attempt.handed_in_at is null and attempt.ends_at > ${now}, false))`;
  let matching = db
    .selectFrom("exams")
    .leftJoin("courses", "courses.id", "exams.course_id")
    .leftJoinLateral(
      (of) =>
        of
          .selectFrom("exam_attempts")
          .select(["id", "number", "started_at", "ends_at", "handed_in_at", "graded_at", "points", "points_of", "waiting"])
          .whereRef("exam_id", "=", "exams.id")
          .where("user_id", "=", user.id)
          .orderBy("number", "desc")
          .limit(1)
          .as("attempt"),
      (join) => join.onTrue(),
    )
    .selectAll("exams")
    .select(["courses.name as course", "attempt.id as attempt_id", "attempt.number", "attempt.started_at", "attempt.ends_at"])
    .select(["attempt.handed_in_at", "attempt.graded_at", "attempt.points", "attempt.points_of", "attempt.waiting"])
    .where("exams.school_id", "=", user.school_id ?? "")
    .where("exams.published_at", "is not", null)
    .where("exams.deleted_at", "is", null)
    .where(isCandidates(user))
    .where(isAhead ? goesOn : sql<SqlBool>`not ${goesOn}`);
  if (after) {
    const ordered = sql`(${sql.ref(column)}, exams.id)`;
    const before = sql`(${after.at}::timestamptz, ${after.id})`;
    matching = matching.where(isAhead ? sql<SqlBool>`${ordered} > ${before}` : sql<SqlBool>`${ordered} < ${before}`);
  }
  const order = isAhead ? "asc" : "desc";
  const rows = await matching.orderBy(column, order).orderBy("exams.id", order).limit(limit).execute();
  return rows.map(
    ({ course, attempt_id, number, started_at, ends_at, handed_in_at, graded_at, points, points_of, waiting, ...exam }) => ({
      exam,
      course,
      attempt:
        attempt_id === null
          ? null
          : { id: attempt_id, number: number ?? 1, started_at, ends_at, handed_in_at, graded_at, points, points_of, waiting },
    }),
  );
}

/** As a student. Staff may sit what they prepare, and find it among the examinations that they manage. */
function isCandidates({ id, role }: User): RawBuilder<SqlBool> {
  const ofCourse = sql`exams.course_id = any(array(select course_id from course_members where user_id = ${id} and role = 'student'))`;
  const ofSchool = role === "student" ? sql`exams.course_id is null` : sql`false`;
  return sql<SqlBool>`(attempt.id is not null or ${ofSchool} or ${ofCourse})`;
}
