/** Provides the most players that watched lessons live at one moment, from when each session began and ended. */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";

/**
 * By lesson. A school that keeps no sessions has none, and the means of minutes are the next best.
 * @param now the end of a lesson that goes on
 */
export async function watchingPeaks(db: Db, lessonIds: readonly string[], now: Date): Promise<ReadonlyMap<string, number>> {
  const ofLessons = sql`lessons.id in (${sql.join(lessonIds)})`;
  const { rows } = await sql<{ lesson: string; peak: number }>`
    select lesson, max(total)::integer as peak from (
      select lesson, sum(change) over (partition by lesson order by at, change) as total from (${changes(ofLessons, now)}) changes
    ) totals group by lesson`.execute(db);
  return new Map(rows.map(({ lesson, peak }) => [lesson, peak]));
}

/** Of all the lessons together. @param ofLessons a condition of rows of `lessons` @param now the end of lessons that go on */
export async function watchingPeak(db: Db, ofLessons: RawBuilder<unknown>, now: Date): Promise<number> {
  const { rows } = await sql<{ peak: number | null }>`
    select max(total)::integer as peak from (
      select sum(change) over (order by at, change) as total from (${changes(ofLessons, now)}) changes
    ) totals`.execute(db);
  return rows[0]?.peak ?? 0;
}

/** Who leaves at a moment leaves before others come. */
function changes(ofLessons: RawBuilder<unknown>, now: Date): RawBuilder<unknown> {
  const sessions = sql`
    select lesson_id as lesson, greatest(v.started_at, lessons.started_at) as from_at, least(v.last_at, coalesce(lessons.ended_at, ${now}::timestamptz)) as to_at
    from view_sessions v join lessons on lessons.id = v.lesson_id
    where ${ofLessons} and lessons.started_at is not null and cid not like 'vod/%'`;
  return sql`
    select lesson, from_at as at, 1 as change from (${sessions}) began where from_at < to_at
    union all select lesson, to_at, -1 from (${sessions}) ended where from_at < to_at`;
}
