/** Says which pictures and sound of a paper a candidate sees with the own result: those of the questions that were asked, and of their passages. */
import { type AuthoredPaper, drawnQuestions, mediaOfQuestion } from "@lectern/exam";
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { ownAttempt } from "../results/own-attempt.ts";
import { isResultOut } from "../results/result-out.ts";

/** Once answers are shown. */
export function filesOfResult(paper: AuthoredPaper, exam: Exam, attempt: ExamAttempt): ReadonlySet<string> {
  if (!isResultOut(exam, attempt) || exam.results_shown === "score") return new Set();
  const sections = paper.sections.map(({ draw, isShuffled, questions }) => ({
    isShuffled,
    ...(draw === undefined ? {} : { draw }),
    questions: questions.map(({ question }) => question),
  }));
  const asked = drawnQuestions(sections, attempt.seed).flat();
  return new Set(asked.flatMap(({ id }) => mediaOfQuestion(paper, id).map(({ file }) => file)));
}

/** The attempt of a person who is signed in. @throws RefusalError not-found, as for who has none */
export async function attemptOfReader(db: Db, actor: Actor, examId: string): Promise<{ exam: Exam; attempt: ExamAttempt }> {
  const exams = db.selectFrom("exams").selectAll().where("id", "=", examId).where("deleted_at", "is", null);
  const exam = actor.kind === "user" ? await exams.where("published_at", "is not", null).executeTakeFirst() : undefined;
  if (!exam) throw new RefusalError("not-found", examText("no-paper-file"));
  return { exam, attempt: await ownAttempt(db, actor, exam, null) };
}
