/** Tells how far a student is with an examination, in the words of the lists. */
import type { OwnExamination } from "@lectern/client";

/** waits: one can enter, and wait for the start. sitting: one has begun, or waits inside. */
export type ExamProgress = "coming" | "waits" | "open" | "sitting" | "handed-in" | "released" | "missed";

/** @param now milliseconds since 1970 */
export function progressOf({ state, attempt, opensAt }: OwnExamination, now: number): ExamProgress {
  if (state !== "open") return state;
  if (now < Date.parse(opensAt)) return "waits";
  return attempt !== null && attempt.handedInAt === null ? "sitting" : "open";
}
