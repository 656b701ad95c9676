/** Reads attempts and what is stored of them. */
import { RefusalError } from "../../platform/api/server.ts";
import { examText } from "../foundation/messages/exam-texts.ts";
import type { Exam, ExamAnswer, ExamAttempt } from "../foundation/store/exam-tables.ts";
import type { Db } from "../foundation/store/tables.ts";

/** The columns of lists: without the scores of all questions. */
export const LISTED = [
  ...(["id", "exam_id", "school_id", "user_id", "number", "name", "seat", "seed", "entered_at", "started_at", "ends_at"] as const),
  ...(["extra_seconds", "handed_in_at", "handed_in_by", "grade_due_at", "graded_at", "points", "points_of", "waiting"] as const),
  ...(["regrade_id", "erased_at", "group_id", "paused_at", "heard_at"] as const),
] as const;

/** @param isLocked until the end of the transaction @throws RefusalError not-found */
export async function findAttempt(db: Db, exam: Exam, attemptId: string, isLocked = false): Promise<ExamAttempt> {
  const attempts = db.selectFrom("exam_attempts").selectAll().where("id", "=", attemptId).where("exam_id", "=", exam.id);
  const attempt = await (isLocked ? attempts.forNoKeyUpdate() : attempts).executeTakeFirst();
  if (!attempt) throw new RefusalError("not-found", examText("no-attempt"));
  return attempt;
}

/**
 * The newest answer of each question of each attempt: that of the highest seat, and of this the last.
 * @param questions only the answers to these; null: to all
 */
export async function newestAnswers(
  db: Db,
  attemptIds: readonly string[],
  questions: readonly string[] | null = null,
): Promise<readonly ExamAnswer[]> {
  if (attemptIds.length === 0) return [];
  return await db
    .selectFrom("exam_answers")
    .distinctOn(["attempt_id", "question"])
    .selectAll()
    .where("attempt_id", "in", attemptIds)
    .$if(questions !== null, (all) => all.where("question", "in", questions ?? []))
    .orderBy("attempt_id")
    .orderBy("question")
    .orderBy("seat", "desc")
    .orderBy("seq", "desc")
    .execute();
}
