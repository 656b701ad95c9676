/** Provides what examinations have of one person, and takes guests' names and answers out when a school's time for them is over. */
import { sql } from "kysely";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { presentFile, storedFiles } from "../answer-files.ts";
import { newestAnswers } from "../attempt-rows.ts";

export async function attemptsOfPerson(db: Db, userId: string) {
  const rows = await db
    .selectFrom("exam_attempts")
    .innerJoin("exams", "exams.id", "exam_attempts.exam_id")
    .select([
      "exam_attempts.id",
      "exam_attempts.exam_id",
      "title",
      "entered_at",
      "started_at",
      "handed_in_at",
      "points",
      "points_of",
      "practice",
      "released_at",
    ])
    .where("user_id", "=", userId)
    .orderBy("exam_attempts.id")
    .execute();
  const ids = rows.map(({ id }) => id);
  const answers = Map.groupBy(await newestAnswers(db, ids), ({ attempt_id }) => attempt_id);
  const facts = ids.length === 0 ? [] : await db.selectFrom("exam_facts").selectAll().where("attempt_id", "in", ids).execute();
  const starts = await db
    .selectFrom("exam_section_starts")
    .selectAll()
    .where("attempt_id", "in", ["", ...ids])
    .execute();
  const startsBy = Map.groupBy(starts, ({ attempt_id }) => attempt_id);
  const files = Map.groupBy(await storedFiles(db, ids), ({ attempt_id }) => attempt_id);
  const factsBy = Map.groupBy(facts, ({ attempt_id }) => attempt_id);
  return rows.map((row) => ({
    examinationId: row.exam_id,
    title: row.title,
    enteredAt: row.entered_at,
    startedAt: row.started_at,
    handedInAt: row.handed_in_at,
    // What the school has not told yet, nobody learns in this way.
    points: isOut(row) ? row.points : null,
    of: isOut(row) ? row.points_of : null,
    answers: (answers.get(row.id) ?? []).map(({ question, value, written_at }) => ({ question, value, writtenAt: written_at })),
    files: (files.get(row.id) ?? [])
      .flatMap(presentFile)
      .map(({ id, question, type, size, takenAt }) => ({ id, question, type, size, takenAt })),
    sections: (startsBy.get(row.id) ?? []).map(({ section, begun_at }) => ({ section, begunAt: begun_at })),
    facts: (factsBy.get(row.id) ?? []).map(({ fact, detail, written_at }) => ({ fact, detail, at: written_at })),
  }));
}

/** Which of their mistakes a person has practised. */
export async function practiceOfPerson(db: Db, userId: string) {
  return await db
    .selectFrom("practised_wrong_answers")
    .select(["attempt_id as attemptId", "quiz_id as quizId", "wrong_answer as wrongAnswer", "rights"])
    .select(["practised_at as practisedAt", "known_at as knownAt"])
    .where("user_id", "=", userId)
    .orderBy("wrong_answer")
    .execute();
}

function isOut({
  handed_in_at,
  released_at,
  practice,
}: Pick<Exam & ExamAttempt, "handed_in_at" | "released_at" | "practice">): boolean {
  return handed_in_at !== null && (released_at !== null || practice);
}

/**
 * Of guests, a step of attempts at examinations that closed before: the points stay, for the figures of the examination.
 * @returns how many there were
 */
export async function eraseGuestAttempts(
  db: Database,
  {
    schoolId,
    before,
    name,
    rows,
  }: { readonly schoolId: string; readonly before: Date; readonly name: string; readonly rows: number },
): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    const old = trx
      .selectFrom("exam_attempts")
      .innerJoin("exams", "exams.id", "exam_attempts.exam_id")
      .select("exam_attempts.id")
      .where("exam_attempts.school_id", "=", schoolId)
      .where("user_id", "is", null)
      .where("erased_at", "is", null)
      .where("closes_at", "<", before)
      .limit(rows);
    const erased = { name, erased_at: sql<Date>`now()` };
    const ids = (await trx.updateTable("exam_attempts").set(erased).where("id", "in", old).returning("id").execute()).map(
      ({ id }) => id,
    );
    if (ids.length === 0) return 0;
    await trx.deleteFrom("exam_answers").where("attempt_id", "in", ids).execute();
    await trx.deleteFrom("exam_facts").where("attempt_id", "in", ids).execute();
    await trx.deleteFrom("exam_messages").where("attempt_id", "in", ids).execute();
    await trx.deleteFrom("exam_notes").where("attempt_id", "in", ids).execute();
    await trx.deleteFrom("exam_files").where("attempt_id", "in", ids).execute();
    for (const table of ["exam_marks", "exam_markings", "exam_proposals"] as const)
      await trx.updateTable(table).set({ comment: "" }).where("attempt_id", "in", ids).execute();
    return ids.length;
  });
}
