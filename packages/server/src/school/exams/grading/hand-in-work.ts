/** Hands in by time what nobody has handed in, whether or not the page is there. Answers that were written before the end and come later count still. */
import { sql } from "kysely";
import type { Database } from "../../foundation/store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import { EXAM_GRADING, EXAM_HAND_IN } from "../work-names.ts";

/** A few milliseconds on the embedded database. */
const ROWS_PER_STEP = 1000;

export function handInByTime(db: Database, wake: (kind: string) => void): WorkKind<WorkItem> {
  return {
    name: EXAM_HAND_IN,
    places: { total: 1 },
    failure: "attempts not handed in by time, trying again",
    // Times were changed.
    isWokenBy: ({ action }) =>
      action === "examination.change" || action === "examination.change-attempt" || action === "examination.resume-attempt",
    find: async ({ busy }) => {
      if (busy.length > 0) return [];
      const first = await db
        .selectFrom("exam_attempts")
        .select("ends_at")
        .where("handed_in_at", "is", null)
        .where("paused_at", "is", null)
        .where("ends_at", "is not", null)
        .orderBy("ends_at")
        .limit(1)
        .executeTakeFirst();
      return first?.ends_at ? [soleItem(EXAM_HAND_IN, first.ends_at.getTime())] : [];
    },
    perform: async (_, { now, signal }) => {
      for (let count = ROWS_PER_STEP; count === ROWS_PER_STEP && !signal.aborted; ) {
        count = await handIn(db, new Date(now));
        if (count > 0) wake(EXAM_GRADING);
      }
    },
  };
}

async function handIn(db: Database, now: Date): Promise<number> {
  const { rows } = await sql`
    update exam_attempts set handed_in_at = ends_at, handed_in_by = 'time', grade_due_at = ${now}
    where id in (
      select id from exam_attempts where handed_in_at is null and paused_at is null and ends_at <= ${now}
      order by ends_at limit ${ROWS_PER_STEP} for no key update skip locked)
    returning 1`.execute(db);
  return rows.length;
}
