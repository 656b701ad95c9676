/**
 * Rolls up what happened in lessons that have ended, and the days of schools. Computing again gives the same, and whenever more has come, such as late
 * beacons, what is true then.
 */
import { sql } from "kysely";
import { json } from "../../../platform/store/store.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { activityOf, NO_ACTIVITY } from "./activity.ts";
import { watchingByMinute } from "./lesson-minutes.ts";
import { watchingPeak, watchingPeaks } from "./watching-peak.ts";

export type SchoolDay = { readonly schoolId: string; readonly day: string };

/** @param lessonIds at most some hundred, whose rows are locked */
export async function rollUpActivity(trx: Db, lessonIds: readonly string[], now: Date): Promise<void> {
  const activities = await activityOf(trx, lessonIds, now);
  const watching = await watchingByMinute(trx, lessonIds, now);
  const peaks = await watchingPeaks(trx, lessonIds, now);
  await trx
    .deleteFrom("lesson_activity")
    .where("lesson_id", "in", [...lessonIds])
    .execute();
  await trx
    .insertInto("lesson_activity")
    .values(
      lessonIds.map((lesson_id) => {
        const { people, presentMs, lines, questions, hands, answers } = activities.get(lesson_id) ?? NO_ACTIVITY;
        const minutes = watching.get(lesson_id) ?? [];
        const counts = { lines, questions, hands, answers };
        return {
          lesson_id,
          people,
          present_ms: presentMs,
          ...counts,
          peak: Math.max(peaks.get(lesson_id) ?? 0, ...minutes),
          watching: json(minutes),
        };
      }),
    )
    .execute();
}

/** The days on which lessons began, in the time zones of their schools. */
export async function daysOfLessons(db: Db, lessonIds: readonly string[]): Promise<readonly SchoolDay[]> {
  return lessonIds.length === 0 ? [] : await daysWhere(db, sql`lessons.id in (${sql.join(lessonIds)})`);
}

/** The days of ended lessons whose rows have changed since: one was moved to the bin, or has another teacher. */
export async function daysChangedSince(db: Db, since: Date): Promise<readonly SchoolDay[]> {
  return await daysWhere(db, sql`lessons.updated_at >= ${since} and lessons.state = 'ended'`);
}

async function daysWhere(db: Db, condition: ReturnType<typeof sql>): Promise<readonly SchoolDay[]> {
  const { rows } = await sql<SchoolDay>`
    select distinct lessons.school_id as "schoolId", to_char(lessons.started_at at time zone schools.time_zone, 'YYYY-MM-DD') as day
    from lessons join schools on schools.id = lessons.school_id where lessons.started_at is not null and ${condition}
    order by 1, 2`.execute(db);
  return rows;
}

/** Computes days from the roll-ups of their lessons, each once. */
export async function rollUpDays(db: Database, days: readonly SchoolDay[]): Promise<void> {
  const once = new Map(days.map((day) => [`${day.schoolId} ${day.day}`, day]));
  for (const day of once.values()) await db.transaction().execute((trx) => rollUpDay(trx, day));
}

async function rollUpDay(trx: Db, { schoolId, day }: SchoolDay): Promise<void> {
  // Two processes that compute the same day do it one after the other.
  await sql`select pg_advisory_xact_lock(hashtext(${`school day ${schoolId} ${day}`}))`.execute(trx);
  await trx.deleteFrom("school_days").where("school_id", "=", schoolId).where("day", "=", day).execute();
  await trx.deleteFrom("school_peaks").where("school_id", "=", schoolId).where("day", "=", day).execute();
  const ofDay = sql`
    from schools join lessons on lessons.school_id = schools.id join lesson_activity activity on activity.lesson_id = lessons.id
    where schools.id = ${schoolId} and lessons.deleted_at is null
      and lessons.started_at >= ${day}::timestamp at time zone schools.time_zone
      and lessons.started_at < (${day}::timestamp + interval '1 day') at time zone schools.time_zone`;
  await sql`
    insert into school_days (school_id, day, teacher_id, course_id, lessons, viewers, completed, watched_ms, stall_ms, people, present_ms, peak,
      interactions)
    with of_day as (select lessons.id, coalesce(lessons.teacher_id, '') as teacher_id, coalesce(lessons.course_id, '') as course_id,
      activity.people, activity.present_ms, activity.peak,
      activity.lines + activity.questions + activity.hands + activity.answers as interactions ${ofDay}),
    seen as (select lesson_id, sum(viewers) as viewers, sum(completed) as completed, sum(watched_ms) as watched_ms, sum(stall_ms) as stall_ms
      from lesson_quality where lesson_id in (select id from of_day) group by lesson_id)
    select ${schoolId}, ${day}, teacher_id, course_id, count(*), coalesce(sum(viewers), 0), coalesce(sum(completed), 0),
      coalesce(sum(watched_ms), 0), coalesce(sum(stall_ms), 0), sum(people), sum(present_ms), max(peak), sum(interactions)
    from of_day left join seen on seen.lesson_id = of_day.id group by teacher_id, course_id`.execute(trx);
  await sql`
    insert into school_peaks (school_id, day, peak)
    select ${schoolId}, ${day}, max(total) from (
      select date_trunc('minute', started_at) + minute.place * interval '1 minute' as at, sum(minute.value::integer) as total
      from (select lessons.started_at, activity.watching ${ofDay}) of_day
      cross join lateral jsonb_array_elements_text(watching) with ordinality as minute (value, place) group by 1
    ) minutes having count(*) > 0`.execute(trx);
  const peak = await watchingPeak(trx, sql`lessons.id in (select lessons.id ${ofDay})`, new Date());
  await trx
    .updateTable("school_peaks")
    .set((row) => ({ peak: row.fn<number>("greatest", ["peak", sql.lit(peak)]) }))
    .where("school_id", "=", schoolId)
    .where("day", "=", day)
    .execute();
}
