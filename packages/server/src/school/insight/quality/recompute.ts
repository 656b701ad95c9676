/** Computes roll-ups of past lessons again, in steps between which other work goes on. */

import type { Database } from "../../foundation/store/tables.ts";
import { daysOfLessons, rollUpDays, type SchoolDay } from "../analytics/roll-up.ts";
import type { ReportScope } from "./quality-report.ts";
import { rollUpLessons } from "./roll-up.ts";

const LESSONS_PER_STEP = 100;

/** Gives the number of lessons. Lessons whose sessions have been deleted since keep their figures. */
export async function recomputeLessons(
  db: Database,
  { schoolId, from, to }: Pick<ReportScope, "schoolId" | "from" | "to">,
  now: Date,
): Promise<number> {
  let count = 0;
  let after: string | null = "";
  const days: SchoolDay[] = [];
  while (after !== null) {
    const lessons = db
      .selectFrom("lessons")
      .select("id")
      .where("state", "=", "ended")
      .$if(schoolId !== null, (rows) => rows.where("school_id", "=", schoolId))
      .where("started_at", ">=", from)
      .where("started_at", "<", to)
      .where("id", ">", after)
      .where(({ exists, or, selectFrom }) =>
        or([
          exists(selectFrom("view_sessions").select("view_sessions.id").whereRef("view_sessions.lesson_id", "=", "lessons.id")),
          // Nobody had a picture, and somebody said so.
          exists(
            selectFrom("view_complaints").select("view_complaints.number").whereRef("view_complaints.lesson_id", "=", "lessons.id"),
          ),
        ]),
      )
      .orderBy("id")
      .limit(LESSONS_PER_STEP);
    const ids: readonly string[] = (await lessons.execute()).map(({ id }) => id);
    await rollUpLessons(db, ids, now);
    days.push(...(await daysOfLessons(db, ids)));
    count += ids.length;
    after = ids.at(-1) ?? null;
  }
  await rollUpDays(db, days);
  return count;
}
