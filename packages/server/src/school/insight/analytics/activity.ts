/** Adds up what students and guests did in lessons: how long they were in the room, and what they said, asked, raised and answered. */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";
import { attendedSpans } from "./lesson-minutes.ts";

export type Interaction = {
  /** Lines of chat and bullet comments. */
  readonly lines: number;
  readonly questions: number;
  readonly hands: number;
  /** Answers to quizzes. */
  readonly answers: number;
};
export type Activity = Interaction & { readonly people: number; readonly presentMs: number };

export const NO_ACTIVITY: Activity = { people: 0, presentMs: 0, lines: 0, questions: 0, hands: 0, answers: 0 };

type Row = Activity & { readonly lesson: string };

/** Counts of entries that somebody wrote, as they were first: what staff or the server change later are entries of theirs. */
export const ENTRY_COUNTS: RawBuilder<unknown> = sql`
  count(*) filter (where kind in ('chat', 'group-chat', 'danmaku'))::int8 as lines, count(*) filter (where kind = 'question')::int8 as questions,
  count(*) filter (where kind = 'hand')::int8 as hands`;
/** Of `room_entries`. */
export const COUNTED_ENTRIES: RawBuilder<unknown> = sql`
  kind in ('chat', 'group-chat', 'danmaku', 'question', 'hand') and from_role in ('member', 'guest') and not gone
    and coalesce(body ->> 'deleted', '') <> 'true' and (kind <> 'hand' or body ->> 'state' = 'raised')`;

/** @param now the end of lessons that go on */
export async function activityOf(db: Db, lessonIds: readonly string[], now: Date): Promise<ReadonlyMap<string, Activity>> {
  const { rows } = await sql<Row>`
    with present as (
      select lesson_id, count(*)::int8 as people, sum(ms)::int8 as ms from (
        select lesson_id, participant_id, sum(extract(epoch from to_at - from_at) * 1000) as ms
        from (${attendedSpans(lessonIds, now)}) attended group by lesson_id, participant_id
      ) people group by lesson_id
    ), said as (
      select lesson_id, ${ENTRY_COUNTS} from room_entries where lesson_id in (${sql.join(lessonIds)}) and ${COUNTED_ENTRIES} group by lesson_id
    ), answered as (
      select quizzes.lesson_id, count(*)::int8 as answers from quizzes join quiz_answers on quiz_answers.quiz_id = quizzes.id
      where quizzes.lesson_id in (${sql.join(lessonIds)}) group by quizzes.lesson_id
    )
    select lessons.id as lesson, coalesce(present.people, 0) as people, coalesce(present.ms, 0) as "presentMs",
      coalesce(said.lines, 0) as lines, coalesce(said.questions, 0) as questions, coalesce(said.hands, 0) as hands,
      coalesce(answered.answers, 0) as answers
    from lessons left join present on present.lesson_id = lessons.id left join said on said.lesson_id = lessons.id
      left join answered on answered.lesson_id = lessons.id
    where lessons.id in (${sql.join(lessonIds)})`.execute(db);
  return new Map(rows.map(({ lesson, ...activity }) => [lesson, activity]));
}
