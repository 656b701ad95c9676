/** Knows when an examination is entered, and when an attempt ends; and checks the times that a teacher chooses. */
import { RefusalError } from "../../platform/api/server.ts";
import { examText } from "../foundation/messages/exam-texts.ts";
import type { Exam, ExamAttempt } from "../foundation/store/exam-tables.ts";

/** So long before the start candidates enter, fetch the package and wait. */
export const ENTRY_MS = 30 * 60_000;

type Times = Pick<Exam, "opens_at" | "closes_at" | "latest_entry_at" | "seconds">;

/** @throws RefusalError bad-request */
export function checkTimes({ opens_at, closes_at, latest_entry_at, seconds }: Times): void {
  const [opens, closes] = [opens_at.getTime(), closes_at.getTime()];
  const latest = latest_entry_at?.getTime() ?? closes;
  if (opens >= closes || latest < opens || latest > closes) throw new RefusalError("bad-request", examText("times"));
  if (seconds * 1000 > closes - opens) throw new RefusalError("bad-request", examText("length-beyond-window"));
}

/** When an attempt ends that has started; null: it has not. */
export function endOf(
  exam: Pick<Exam, "closes_at" | "seconds">,
  { started_at, extra_seconds }: Pick<ExamAttempt, "started_at" | "extra_seconds">,
): Date | null {
  if (started_at === null) return null;
  const end = Math.min(exam.closes_at.getTime(), started_at.getTime() + exam.seconds * 1000);
  return new Date(end + extra_seconds * 1000);
}

/** Whether a new candidate may enter. @param now milliseconds since 1970 */
export function entryState({ opens_at, closes_at, latest_entry_at }: Times, now: number): "early" | "open" | "closed" {
  if (now < opens_at.getTime() - ENTRY_MS) return "early";
  return now < (latest_entry_at ?? closes_at).getTime() && now < closes_at.getTime() ? "open" : "closed";
}
