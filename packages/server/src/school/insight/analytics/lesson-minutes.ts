/** Reads lessons minute by minute, from that in which each began: who was in the room, and how many players were watching. */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";

/** A longer lesson is shown to its first day. */
const MAX_MINUTES = 1440;

export type LessonMinutes = {
  /** Students and guests in the room, at any time of each minute. */
  readonly present: readonly number[];
  /** Players, mean of each minute. */
  readonly watching: readonly number[];
};

type Step = { readonly lesson: string; readonly minute: number; readonly value: number };

/** @param now the end of a lesson that goes on */
export async function minutesOfLesson(db: Db, lessonId: string, now: Date): Promise<LessonMinutes> {
  const present = await presentByMinute(db, lessonId, now);
  const watching = (await watchingByMinute(db, [lessonId], now)).get(lessonId) ?? [];
  const length = Math.max(present.length, watching.length);
  const filled = (values: readonly number[]) => Array.from({ length }, (_, i) => values[i] ?? 0);
  return { present: filled(present), watching: filled(watching) };
}

/** When students and guests were in the rooms of lessons, while these went on. An interval without an end lasts until its room was last written. */
export function attendedSpans(lessonIds: readonly string[], now: Date): RawBuilder<unknown> {
  return sql`
    select a.lesson_id, a.participant_id, date_trunc('minute', l.started_at) as begin_at, greatest(a.from_at, l.started_at) as from_at,
      least(coalesce(a.to_at, greatest(room.seen_at, a.from_at)), coalesce(l.ended_at, ${now}::timestamptz)) as to_at
    from attendance a
    join lessons l on l.id = a.lesson_id
    join room_presence room on room.lesson_id = a.lesson_id
    join participants p on p.id = a.participant_id and p.role in ('student', 'guest')
    where a.lesson_id in (${sql.join(lessonIds)}) and a.from_at < coalesce(l.ended_at, ${now}::timestamptz)
      and coalesce(a.to_at, greatest(room.seen_at, a.from_at)) > l.started_at`;
}

async function presentByMinute(db: Db, lessonId: string, now: Date): Promise<readonly number[]> {
  // Who comes and goes within a minute is there once: each interval of a person begins after the minute in which the one before ended. Ids are
  // compared as bytes: by a language's rules, sorting them takes longer than all the rest.
  const { rows } = await sql<Step>`
    with spans as (
      select participant_id, floor(extract(epoch from from_at - begin_at) / 60)::integer as first,
        least(ceil(extract(epoch from to_at - begin_at) / 60) - 1, ${MAX_MINUTES})::integer as last
      from (${attendedSpans([lessonId], now)}) attended
    ), apart as (
      select greatest(first, lag(last) over (partition by participant_id collate "C" order by first, last) + 1) as first, last from spans
    )
    select minute, sum(change)::integer as value from (
      select first as minute, 1 as change from apart where first <= last
      union all select last + 1, -1 from apart where first <= last
    ) changes group by minute order by minute`.execute(db);
  const last = rows.at(-1)?.minute ?? 0;
  const changes = new Map(rows.map(({ minute, value }) => [minute, value]));
  let count = 0;
  return Array.from({ length: Math.min(last, MAX_MINUTES) }, (_, minute) => {
    count += changes.get(minute) ?? 0;
    return count;
  });
}

/** Of live streams, without replays. */
export async function watchingByMinute(
  db: Db,
  lessonIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rows } = await sql<Step>`
    select lesson_id as lesson, floor(extract(epoch from minute - date_trunc('minute', l.started_at)) / 60)::integer as minute,
      (sum(watched_ms + stall_ms) / 60000.0)::float8 as value
    from view_minutes join lessons l on l.id = view_minutes.lesson_id
    where lesson_id in (${sql.join(lessonIds)}) and cid not like 'vod/%' and minute >= date_trunc('minute', l.started_at)
      and minute <= coalesce(l.ended_at, ${now}::timestamptz)
      and minute < date_trunc('minute', l.started_at) + ${MAX_MINUTES}::integer * interval '1 minute'
    group by 1, 2`.execute(db);
  const byLesson = new Map<string, number[]>();
  for (const { lesson, minute, value } of rows) {
    const values = byLesson.get(lesson) ?? [];
    while (values.length <= minute) values.push(0);
    values[minute] = Math.round(value);
    byLesson.set(lesson, values);
  }
  return byLesson;
}
