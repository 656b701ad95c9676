/**
 * Finds what a student got wrong: in examinations whose results are out and that show answers, of the newest attempt, and in quizzes whose right answer was shown. One
 * statement, bounded by the newest examinations and answers: contents are read for a page alone (`contents.ts`).
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import { assistsLesson } from "../../lessons/student-access.ts";
import { isReached } from "../exam-rights.ts";

/** A book goes so far back. */
const MAX_EXAMS = 100;
const MAX_QUIZ_ANSWERS = 1000;
/** Of a list of topics. */
const MAX_TOPICS = 100;

export const WRONG_ANSWER_STATES = ["open", "known", "all"] as const;

export type WrongAnswer = {
  readonly id: string;
  /** Null: of a quiz. */
  readonly attempt_id: string | null;
  readonly exam_id: string | null;
  readonly quiz_id: string | null;
  /** Empty: of a quiz. */
  readonly question: string;
  /** Of the examination, or of the lesson. */
  readonly title: string;
  readonly points: number | null;
  readonly points_of: number | null;
  readonly shows_explanation: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly rights: number | null;
  readonly practised_at: Date | null;
  readonly known_at: Date | null;
};

export type WrongAnswerQuery = {
  readonly state: (typeof WRONG_ANSWER_STATES)[number];
  /** What the question tests. */
  readonly topic?: string | undefined;
  /** Only this one. */
  readonly id?: string | undefined;
  readonly after: { readonly at: number; readonly id: string } | null;
  readonly limit: number;
};

/** The newest first. @param actor who reads: staff find those of their own courses */
export async function wrongAnswers(db: Db, student: User, actor: Actor, query: WrongAnswerQuery): Promise<readonly WrongAnswer[]> {
  const { state, topic, id, after, limit } = query;
  const conditions = [sql<SqlBool>`true`];
  if (state !== "all") conditions.push(state === "known" ? sql`known_at is not null` : sql`known_at is null`);
  if (topic !== undefined) conditions.push(sql`jsonb_exists(knowledge, ${topic})`);
  if (id !== undefined) conditions.push(sql`book.id = ${id}`);
  if (after) conditions.push(sql`(book.at < ${after.at}::float8 or (book.at = ${after.at}::float8 and book.id > ${after.id}))`);
  const { rows } = await sql<WrongAnswer>`
    with ${bookOf(student, actor)}
    select book.id, attempt_id, exam_id, quiz_id, question, title, points, points_of, shows_explanation, at, rights, practised_at, known_at
    from book where ${sql.join(conditions, sql` and `)}
    order by book.at desc, book.id limit ${limit}`.execute(db);
  return rows;
}

export type Topics = {
  readonly open: number;
  readonly known: number;
  /** Of what is not known yet, the most first. */
  readonly topics: readonly { readonly name: string; readonly count: number }[];
};

export async function wrongAnswerTopics(db: Db, student: User, actor: Actor): Promise<Topics> {
  const { rows } = await sql<{ name: string | null; open: number; known: number }>`
    with ${bookOf(student, actor)}
    select null as name, count(*) filter (where known_at is null)::int as open, count(*) filter (where known_at is not null)::int as known
    from book
    union all
    (select topic as name, count(*)::int as open, 0 as known from book, jsonb_array_elements_text(knowledge) topic
      where known_at is null group by topic order by count(*) desc, topic limit ${MAX_TOPICS})`.execute(db);
  const { open = 0, known = 0 } = rows.find(({ name }) => name === null) ?? {};
  const topics = rows.flatMap(({ name, open: count }) => (name === null ? [] : [{ name, count }]));
  return { open, known, topics };
}

/** As a table `book`. Questions of one examination have the time of its hand-in. */
function bookOf(student: User, actor: Actor): RawBuilder<unknown> {
  const isOwn = actor.kind === "user" && actor.id === student.id;
  const everything = sql<SqlBool>`true`;
  return sql`sat as (
      select a.id, a.exam_id, a.questions, a.handed_in_at, exams.title, exams.results_shown = 'explanations' as shows_explanation
      from exam_attempts a join exams on exams.id = a.exam_id
      where a.user_id = ${student.id} and a.handed_in_at is not null and a.graded_at is not null and exams.deleted_at is null
        and exams.results_shown <> 'score' and (exams.released_at is not null or exams.practice)
        and ${isOwn ? everything : readsExams(actor)}
        and not exists (select from exam_attempts newer
          where newer.exam_id = a.exam_id and newer.user_id = a.user_id and newer.number > a.number and newer.handed_in_at is not null)
      order by a.handed_in_at desc limit ${MAX_EXAMS}),
    asked as (
      select exam_id, q -> 'question' ->> 'id' as question, q -> 'question' -> 'knowledge' as knowledge
      from exam_packages, jsonb_array_elements(paper -> 'sections') s, jsonb_array_elements(s -> 'questions') q
      where exam_id in (select exam_id from sat)),
    answered as (
      select quizzes.id, lessons.title, quiz_answers.answered_at
      from participants
      join quiz_answers on quiz_answers.participant_id = participants.id
      join quizzes on quizzes.id = quiz_answers.quiz_id
      join lessons on lessons.id = quizzes.lesson_id
      where participants.user_id = ${student.id} and quiz_answers.is_correct = false and quizzes.state = 'revealed'
        and lessons.deleted_at is null and ${isOwn ? everything : assistsLesson(actor)}
      order by quiz_answers.answered_at desc limit ${MAX_QUIZ_ANSWERS}),
    wrong as (
      select sat.id || '.' || score.key as id, sat.id as attempt_id, sat.exam_id, null as quiz_id, score.key as question, sat.title,
        (score.value ->> 'points')::float8 as points, (score.value ->> 'of')::float8 as points_of, shows_explanation,
        handed_in_at as moment, asked.knowledge
      from sat cross join lateral jsonb_each(sat.questions) score
      join asked on asked.exam_id = sat.exam_id and asked.question = score.key
      where score.value ->> 'by' <> 'waits' and (score.value ->> 'points')::float8 < (score.value ->> 'of')::float8
      union all
      select id, null, null, id, '', title, null, null, true, answered_at, null from answered),
    book as (
      select wrong.*, floor(extract(epoch from moment) * 1000)::float8 as at, rights, practised_at, known_at
      from wrong left join practised_wrong_answers p on p.user_id = ${student.id} and p.wrong_answer = wrong.id)`;
}

/** Results of examinations are their teachers', and not assistants'. */
function readsExams(actor: Actor): RawBuilder<SqlBool> {
  return actor.role === "assistant" ? sql<SqlBool>`false` : isReached("exams", actor);
}
