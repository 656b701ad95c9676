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

/** @param writtenAt by the device @returns late: it counts, and is marked */
export function verdictOn({ endsAt, handedInAt, handedInBy, offlineSeconds }: Sitting, writtenAt: number, now: number) {
  // What the candidate wanted to hand in came with it.
  if (handedInBy === "candidate") return "refused";
  const ownEnd = endsAt ?? now;
  const end = handedInBy === "supervisor" && handedInAt !== null ? Math.min(handedInAt, ownEnd) : ownEnd;
  if (now <= end) return "in-time";
  const isWithin = now <= end + Math.max(offlineSeconds, MIN_LATE_SECONDS) * 1000;
  return isWithin && writtenAt <= end ? "late" : "refused";
}
