/**
 * Rolls up lessons that have ended: three minutes after the end, and once more after an hour, when late beacons have come.
 */
import { type SqlBool, sql } from "kysely";
import type { Database } from "../../foundation/store/tables.ts";
import { regularWork } from "../../foundation/work/regular-work.ts";
import type { WorkItem, WorkKind } from "../../foundation/work/work-kind.ts";
import { daysChangedSince, daysOfLessons, rollUpDays } from "../analytics/roll-up.ts";
import { rollUpLessons } from "./roll-up.ts";

const EVERY_MS = 30_000;
const MINUTE_MS = 60_000;
const SETTLED_AFTER_MS = 3 * MINUTE_MS;
const LATE_AFTER_MS = 60 * MINUTE_MS;
/** A lesson that ended earlier, while this server was off, is rolled up when somebody asks for it. */
const MISSED_MS = 7 * 24 * 60 * MINUTE_MS;
const LESSONS_AT_ONCE = 100;
/** Transactions that began before and end later, and clocks that differ. */
const SLACK_MS = 2 * MINUTE_MS;

/** Looks for them every half a minute: what changes a day is in many tables. */
export function rollUps(db: Database): WorkKind<WorkItem> {
  /** When days were last brought up to date with changes of lessons. */
  let changesSeenAt: number | null = null;
  return regularWork({
    name: "roll-ups",
    everyMs: EVERY_MS,
    firstAfterMs: EVERY_MS,
    failure: "lesson quality not rolled up, trying again",
    run: async (now) => {
      const lessons = await db
        .selectFrom("lessons")
        .leftJoin("lesson_rollups", "lesson_rollups.lesson_id", "lessons.id")
        .select("lessons.id")
        .where("lessons.state", "=", "ended")
        .where("lessons.ended_at", ">", new Date(now - MISSED_MS))
        .where("lessons.ended_at", "<=", new Date(now - SETTLED_AFTER_MS))
        .where(
          sql<SqlBool>`(lesson_rollups.computed_at is null or lesson_rollups.computed_at < lessons.ended_at
            or (lessons.ended_at <= ${new Date(now - LATE_AFTER_MS)}
              and lesson_rollups.computed_at < lessons.ended_at + ${LATE_AFTER_MS}::integer * interval '1 millisecond'))`,
        )
        .orderBy("lessons.ended_at")
        .limit(LESSONS_AT_ONCE)
        .execute();
      const ids = lessons.map(({ id }) => id);
      await rollUpLessons(db, ids, new Date(now));
      const since = new Date((changesSeenAt ?? now - LATE_AFTER_MS) - SLACK_MS);
      const days = [...(await daysOfLessons(db, ids)), ...(await daysChangedSince(db, since))];
      await rollUpDays(db, days);
      changesSeenAt = now;
    },
  });
}
