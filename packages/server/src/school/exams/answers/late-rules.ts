/**
 * Decides whether an answer still counts. Time is the server's. What came before the end counts; what was written before it, and came later, counts as late
 * for as long as the school allows; nothing else does.
 */
import type { HandedInBy } from "../../foundation/store/exam-tables.ts";

/** What is known of an attempt. Milliseconds since 1970. */
export type Sitting = {
  /** Null: it has not started. */
  readonly endsAt: number | null;
  readonly handedInAt: number | null;
  readonly handedInBy: HandedInBy | null;
  readonly offlineSeconds: number;
};

/** What was sent just before the end arrives within this, also where a school accepts nothing late. */
const MIN_LATE_SECONDS = 15;

/** late: it counts, and is marked. */
export type Verdict = "in-time" | "late" | "refused";

/**
 * @param writtenAt by the device
 * @param isFixed what it says was told before, such as the hash of a file that is under way
 */
export function verdictOn(sitting: Sitting, writtenAt: number, now: number, isFixed = false): Verdict {
  const { endsAt, handedInAt, handedInBy, offlineSeconds } = sitting;
  // What the candidate wanted to hand in came with it.
  if (handedInBy === "candidate") return "refused";
  const ownEnd = endsAt ?? now;
  const isEndedEarly = handedInBy === "supervisor" && handedInAt !== null && handedInAt < ownEnd;
  const end = isEndedEarly ? handedInAt : ownEnd;
  if (now <= end) return "in-time";
  // A supervisor ends an attempt in front of the candidate, who may say of anything that it was written before.
  const isTrusted = !isEndedEarly || isFixed;
  const seconds = isTrusted ? Math.max(offlineSeconds, MIN_LATE_SECONDS) : MIN_LATE_SECONDS;
  return now <= end + seconds * 1000 && writtenAt <= end ? "late" : "refused";
}
