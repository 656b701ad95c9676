/** Reads the newest answers to some questions of several attempts, and what markers wrote about them. */
import type { AnswerValue } from "@lectern/exam";
import type { Db } from "../../foundation/store/tables.ts";
import { newestAnswers } from "../attempt-rows.ts";

type RequestedQuestion = { readonly attemptId: string; readonly question: string };

/** Both by `ATTEMPT.QUESTION`. */
export async function answersToQuestions(db: Db, asked: readonly RequestedQuestion[]) {
  const attempts = [...new Set(asked.map(({ attemptId }) => attemptId))];
  const questions = [...new Set(asked.map(({ question }) => question))];
  const [answers, marks] = await Promise.all([
    newestAnswers(db, attempts, questions),
    db.selectFrom("exam_marks").selectAll().where("attempt_id", "in", attempts).where("question", "in", questions).execute(),
  ]);
  const keyOf = ({ attempt_id, question }: { attempt_id: string; question: string }) => `${attempt_id}.${question}`;
  return {
    values: new Map(answers.map((answer): [string, AnswerValue] => [keyOf(answer), answer.value])),
    comments: new Map(marks.map((mark) => [keyOf(mark), mark.comment])),
  };
}
