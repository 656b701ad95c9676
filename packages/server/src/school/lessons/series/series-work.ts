/** Makes the lessons of series ahead as time goes on, and plans series again whose holidays have changed. */
import { sql } from "kysely";
import type { Change, Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { dueItem, type Look, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import { LESSON_SERIES, planSeries, type SeriesStreams } from "./plan-series.ts";

/** Each is one transaction of some hundred statements at most. */
const PLACES = { total: 2, perSchool: 1 };

export type LessonSeriesOptions = {
  readonly db: Database;
  readonly changes: Pick<Changes, "transact">;
  readonly streams: SeriesStreams;
};

/** An item is a series. */
export function lessonSeriesWork({ db, changes, streams }: LessonSeriesOptions): WorkKind<WorkItem> {
  return {
    name: LESSON_SERIES,
    places: PLACES,
    failure: "lessons of a series not made ahead, trying again",
    find: (look) => findDue(db, look),
    perform: async ({ id }, { now }) => {
      await changes.transact(SYSTEM, async (change) => {
        const due = change.trx.selectFrom("lesson_series").selectAll().where("id", "=", id).where("next_at", "<=", new Date(now));
        const series = await due.forNoKeyUpdate().executeTakeFirst();
        if (series) await planSeries(change, streams, series, now);
        return { body: null };
      });
    },
  };
}

/** The holidays of a school have changed: its series are planned again, in the background. */
export async function planAgain({ trx, wake }: Pick<Change, "trx" | "wake">, schoolId: string): Promise<void> {
  await trx
    .updateTable("lesson_series")
    .set({ next_at: new Date() })
    .where("school_id", "=", schoolId)
    .where("skip_holidays", "=", true)
    .execute();
  wake(LESSON_SERIES);
}

/** The first series of each school. */
async function findDue(db: Database, { until, busy }: Look): Promise<WorkItem[]> {
  const rows = await db
    .with("due", (query) =>
      query
        .selectFrom("lesson_series")
        .innerJoin("schools", "schools.id", "lesson_series.school_id")
        .select(["lesson_series.id", "lesson_series.school_id", "lesson_series.next_at"])
        .select(sql<number>`row_number() over (partition by lesson_series.school_id order by lesson_series.next_at)`.as("place"))
        .where("lesson_series.next_at", "<=", new Date(until))
        .where("lesson_series.id", "not in", ["", ...busy])
        .where("schools.archived_at", "is", null),
    )
    .selectFrom("due")
    .selectAll()
    .where("place", "<=", PLACES.perSchool)
    .orderBy("next_at")
    .execute();
  return rows.map((row) => dueItem({ ...row, attempts: 0 }));
}
