/** Tells webhooks that candidates have handed in, and what they reached. */
import type { SheetScore } from "@lectern/exam";
import type { Change } from "../../foundation/store/change.ts";
import { queueEvents, WEBHOOK_DELIVERIES } from "../../foundation/store/events.ts";
import type { ExamAttempt } from "../../foundation/store/exam-tables.ts";

type Graded = {
  readonly attempt: Pick<
    ExamAttempt,
    "id" | "exam_id" | "school_id" | "user_id" | "graded_at" | "points" | "handed_in_at" | "handed_in_by"
  >;
  readonly score: SheetScore;
};

/** handed-in: with the first grading, which follows within seconds. graded: each time that the points are others. */
export async function emitGraded({ trx, wake }: Change, graded: readonly Graded[]): Promise<void> {
  const [first] = graded;
  if (!first) return;
  const events = graded.flatMap(({ attempt, score }) => [
    ...(attempt.graded_at === null ? [{ event: "exam.handed-in" as const, data: handedInData(attempt) }] : []),
    ...(attempt.graded_at === null || attempt.points !== score.points
      ? [{ event: "exam.graded" as const, data: gradedData(attempt, score) }]
      : []),
  ]);
  if (await queueEvents(trx, first.attempt.school_id, events)) wake(WEBHOOK_DELIVERIES);
}

function handedInData({ id, exam_id, user_id, handed_in_at, handed_in_by }: Graded["attempt"]) {
  return {
    examinationId: exam_id,
    attemptId: id,
    userId: user_id,
    at: handed_in_at?.toISOString() ?? null,
    by: handed_in_by,
  };
}

function gradedData({ id, exam_id, user_id }: Graded["attempt"], { points, of, waiting }: SheetScore) {
  return { examinationId: exam_id, attemptId: id, userId: user_id, points, of, waiting };
}
