/** Lists the students and guests of a lesson with what each did in it: ranked by attendance, time watched or interaction, or by name. */
import { type RawBuilder, sql } from "kysely";
import type { Db, Lesson } from "../../foundation/store/tables.ts";
import { COUNTED_ENTRIES, ENTRY_COUNTS, type Interaction } from "./activity.ts";
import { attendedSpans } from "./lesson-minutes.ts";

export const RANKINGS = ["attendance", "watched", "interaction"] as const;
export type Ranking = (typeof RANKINGS)[number];

export type LessonPerson = Interaction & {
  /** Of the participant. */
  readonly id: string;
  readonly userId: string | null;
  readonly name: string;
  readonly role: string;
  readonly presentMs: number;
  /** Live. Null: the school keeps no names with views. */
  readonly watchedMs: number | null;
  readonly correct: number;
  /** Lines, questions, hands and answers. */
  readonly interactions: number;
};

type RequestedRanking = { readonly by: Ranking | "name"; readonly limit: number; readonly offset: number; readonly now: Date };

const ORDERS: Readonly<Record<RequestedRanking["by"], RawBuilder<unknown>>> = {
  attendance: sql`"presentMs" desc`,
  watched: sql`"watchedMs" desc`,
  interaction: sql`interactions desc`,
  name: sql`name`,
};

/** People of the same value are in the order of their ids. */
export async function lessonPeople(
  db: Db,
  lesson: Lesson,
  { by, limit, offset, now }: RequestedRanking,
): Promise<readonly LessonPerson[]> {
  const { id } = lesson;
  const { rows } = await sql<LessonPerson & { readonly keeps: string }>`
    with present as (
      select participant_id, sum(extract(epoch from to_at - from_at) * 1000)::int8 as ms
      from (${attendedSpans([id], now)}) attended group by participant_id
    ), watched as (
      select participant_id, sum(watched_ms)::int8 as ms from view_sessions
      where lesson_id = ${id} and cid not like 'vod/%' and participant_id is not null group by participant_id
    ), said as (
      select from_id, ${ENTRY_COUNTS} from room_entries where lesson_id = ${id} and ${COUNTED_ENTRIES} group by from_id
    ), answered as (
      select participant_id, count(*)::int8 as answers, count(*) filter (where is_correct)::int8 as correct
      from quizzes join quiz_answers on quiz_answers.quiz_id = quizzes.id where quizzes.lesson_id = ${id} group by participant_id
    ), people as (
      select p.id, p.user_id as "userId", coalesce(users.name, p.name) as name, p.role, coalesce(present.ms, 0) as "presentMs",
        coalesce(watched.ms, 0) as "watchedMs", coalesce(said.lines, 0) as lines, coalesce(said.questions, 0) as questions,
        coalesce(said.hands, 0) as hands, coalesce(answered.answers, 0) as answers, coalesce(answered.correct, 0) as correct,
        coalesce(said.lines + said.questions + said.hands, 0) + coalesce(answered.answers, 0) as interactions
      from participants p left join users on users.id = p.user_id left join present on present.participant_id = p.id
        left join watched on watched.participant_id = p.id left join said on said.from_id = p.id
        left join answered on answered.participant_id = p.id
      where p.lesson_id = ${id} and p.role in ('student', 'guest') and p.waiting_since is null
    )
    select people.*, schools.view_details as keeps from people join schools on schools.id = ${lesson.school_id}
    order by ${ORDERS[by]}, people.id limit ${limit} offset ${offset}`.execute(db);
  return rows.map(({ keeps, ...person }) => ({ ...person, watchedMs: keeps === "names" ? person.watchedMs : null }));
}
