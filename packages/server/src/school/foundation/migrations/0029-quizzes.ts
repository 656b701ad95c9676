/** Adds quizzes of rooms, the answers to them, and the school's question bank. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table quizzes (
    id text primary key,
    lesson_id text not null references lessons (id) on delete cascade,
    type text not null,
    text text not null,
    options jsonb not null,
    correct jsonb,
    state text not null,
    closes_at timestamptz,
    anonymous boolean not null,
    person_salt text,
    explanation text,
    opened_at timestamptz not null,
    closed_at timestamptz,
    revealed_at timestamptz
  )`,
  "create index quizzes_by_lesson on quizzes (lesson_id, id)",
  // Without a reference to participants: an anonymous quiz has other ids there, and ten thousand answers come within a second.
  `create table quiz_answers (
    quiz_id text not null references quizzes (id) on delete cascade,
    participant_id text not null,
    choice jsonb not null,
    answered_at timestamptz not null,
    is_correct boolean,
    primary key (quiz_id, participant_id)
  )`,
  "create index quiz_answers_by_participant on quiz_answers (participant_id)",
  `create table quiz_bank (
    id text primary key,
    school_id text not null references schools (id) on delete cascade,
    course_id text references courses (id) on delete set null,
    type text not null,
    text text not null,
    options jsonb not null,
    correct jsonb,
    explanation text,
    seconds integer,
    anonymous boolean not null,
    tags jsonb not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index quiz_bank_by_school on quiz_bank (school_id, id)",
  "create index quiz_bank_by_course on quiz_bank (course_id) where course_id is not null",
];

export const quizzes: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
