/** Tells whether a candidate may read the result of an attempt. */
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";

/** At once in practice, else once results are released. Who was given more time after the first grading sits again. */
export function isResultOut(
  { released_at, practice }: Pick<Exam, "released_at" | "practice">,
  { handed_in_at, started_at }: Pick<ExamAttempt, "handed_in_at" | "started_at">,
): boolean {
  const isOver = handed_in_at !== null || started_at === null;
  return isOver && (released_at !== null || (practice && handed_in_at !== null));
}
