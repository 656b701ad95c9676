/** Tells what a person can do with an examination now: wait for it, sit it, wait for the result, or read it. */
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import { entryState } from "../exam-times.ts";
import { isResultOut } from "../results/result-out.ts";

/**
 * coming: nobody can enter yet. open: the person can enter, or go on. handed-in: the result is not out yet. released: it is. missed: the person was not there.
 */
export const OWN_STATES = ["coming", "open", "handed-in", "released", "missed"] as const;
export type OwnState = (typeof OWN_STATES)[number];

type SatExam = Pick<Exam, "opens_at" | "closes_at" | "latest_entry_at" | "seconds" | "attempts" | "released_at" | "practice">;
type SatAttempt = Pick<ExamAttempt, "number" | "started_at" | "ends_at" | "handed_in_at">;

/** @param now milliseconds since 1970 */
export function ownState(exam: SatExam, attempt: SatAttempt | null, now: number): OwnState {
  if (attempt && attempt.handed_in_at === null) {
    const end = attempt.ends_at ?? exam.closes_at;
    if (now < end.getTime()) return "open";
    // It is handed in within a moment, unless it never began.
    return attempt.started_at === null ? "missed" : "handed-in";
  }
  const entry = entryState(exam, now);
  const isLeft = attempt === null || attempt.number < exam.attempts;
  if (isLeft && entry === "open") return "open";
  if (attempt) return isResultOut(exam, attempt) ? "released" : "handed-in";
  return entry === "early" ? "coming" : "missed";
}
