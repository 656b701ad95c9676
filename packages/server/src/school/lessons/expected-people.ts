/** Estimates how many people come to lessons that begin soon, from those who came to the lessons before, and who of them is not there yet. */
import { sql } from "kysely";
import type { Database } from "../foundation/store/tables.ts";

/** People who are expected and not there yet, of so many lessons. */
export type ExpectedPeople = { readonly people: number; readonly lessons: number };

/** A lesson that has not started this long after its time no longer counts. */
const LATE_MS = 60 * 60_000;
/** People come to a lesson that has begun for so long. */
const COMING_MS = 10 * 60_000;
/** So many lessons before tell how many come: those of the same series, else of the same course. */
const LESSONS_BEFORE = 4;

/**
 * Of a lesson, the most people who were in one of the lessons before; of the first one, the members of its course. What nothing is known of counts as
 * nobody.
 * @param leadMs lessons that begin within this count
 */
export async function expectedPeople(db: Database, leadMs: number, now = Date.now()): Promise<ExpectedPeople> {
  const at = (milliseconds: number) => sql`${new Date(now + milliseconds)}::timestamptz`;
  const { rows } = await sql<{ people: string; lessons: string }>`
    select coalesce(sum(greatest(expected - joined, 0)), 0) as people, count(*) as lessons
    from (
      select
        (select count(*) from participants where participants.lesson_id = soon.id) as joined,
        coalesce(
          (select max(came) from (
            select (select count(*) from participants where participants.lesson_id = earlier.id) as came
            from lessons earlier
            where earlier.state = 'ended' and earlier.started_at is not null and earlier.deleted_at is null
              and case when soon.series_id is null then earlier.course_id = soon.course_id else earlier.series_id = soon.series_id end
            order by earlier.started_at desc limit ${LESSONS_BEFORE}
          ) history),
          (select count(*) from course_members where course_members.course_id = soon.course_id)
        ) as expected
      from lessons soon
      where soon.deleted_at is null and (
        (soon.state = 'scheduled' and soon.starts_at < ${at(leadMs)} and soon.starts_at > ${at(-LATE_MS)})
        or (soon.state = 'live' and soon.started_at > ${at(-COMING_MS)})
      )
    ) counted`.execute(db);
  const [row] = rows;
  return { people: Number(row?.people ?? 0), lessons: Number(row?.lessons ?? 0) };
}
