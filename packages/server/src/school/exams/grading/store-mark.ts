/** Stores the points that count for an answer, or takes them away, and grades the attempt again with them. */
import type { AnswerValue, QuestionScore, SheetScore } from "@lectern/exam";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { FrozenPapers } from "./frozen-papers.ts";
import { emitGraded } from "./grading-events.ts";
import { answersBy, marksBy, storeScores } from "./grading-work.ts";
import { standingsDue } from "./standings-due.ts";

export type CountingMark = { readonly markerId: string | null; readonly points: number; readonly comment: string };
export type Marked = {
  readonly scores: Readonly<Record<string, QuestionScore>>;
  readonly answers: Readonly<Record<string, AnswerValue>>;
};

/** What an attempt has before it is marked. @throws RefusalError conflict, where it cannot be marked now */
export async function markable({ trx }: Change, papers: FrozenPapers, attempt: ExamAttempt): Promise<Marked> {
  if (attempt.regrade_id) throw new RefusalError("conflict", examText("regrade-runs"));
  if (attempt.erased_at) throw new RefusalError("conflict", examText("erased"));
  if (!attempt.handed_in_at) throw new RefusalError("conflict", examText("not-handed-in"));
  const answers = (await answersBy(trx, [attempt.id])).get(attempt.id) ?? {};
  if (attempt.questions) return { scores: attempt.questions, answers };
  // It may be handed in, and not graded yet.
  const grade = await papers.graderOf(trx, attempt.exam_id);
  return { scores: grade(attempt.seed, answers).questions, answers };
}

/** @throws RefusalError not-found, bad-request */
export function checkPoints(scores: Marked["scores"], question: string, points: number): void {
  const score = Object.hasOwn(scores, question) ? scores[question] : undefined;
  if (!score) throw new RefusalError("not-found", examText("not-asked"));
  if (points > score.of) throw new RefusalError("bad-request", examText("too-many-points", { max: score.of }));
  if (!Number.isInteger(points * 2)) throw new RefusalError("bad-request", examText("half-points"));
}

type Stored = {
  readonly exam: Exam;
  /** Locked by the transaction. */
  readonly attempt: ExamAttempt;
  readonly question: string;
  readonly answers: Marked["answers"];
  /** Null: nothing counts any more, and it waits again. */
  readonly mark: CountingMark | null;
  readonly now: Date;
};

export async function storeMark(change: Change, papers: FrozenPapers, stored: Stored): Promise<SheetScore> {
  const { trx } = change;
  const { exam, attempt, question, answers, mark, now } = stored;
  if (mark) {
    const row = { marker_id: mark.markerId, points: mark.points, comment: mark.comment, marked_at: now };
    await trx
      .insertInto("exam_marks")
      .values({ attempt_id: attempt.id, question, ...row })
      .onConflict((conflict) => conflict.columns(["attempt_id", "question"]).doUpdateSet(row))
      .execute();
  } else await trx.deleteFrom("exam_marks").where("attempt_id", "=", attempt.id).where("question", "=", question).execute();
  const grade = await papers.graderOf(trx, exam.id);
  const score = grade(attempt.seed, answers, (await marksBy(trx, [attempt.id])).get(attempt.id) ?? {});
  await storeScores(trx, [{ id: attempt.id, score }], now);
  await emitGraded(change, [{ attempt, score }]);
  await standingsDue(change, exam.id, now);
  return score;
}
