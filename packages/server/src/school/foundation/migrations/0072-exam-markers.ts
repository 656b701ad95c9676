/** Adds who marks which questions of an examination, which are marked twice, what each marker gave, and the comments that markers use again. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table exam_markers (
    exam_id text not null references exams on delete cascade deferrable,
    user_id text not null references users on delete cascade deferrable,
    questions jsonb,
    primary key (exam_id, user_id)
  )`,
  "create index exam_markers_person on exam_markers (user_id)",
  `create table exam_double_questions (
    exam_id text not null references exams on delete cascade deferrable,
    question text not null,
    tolerance double precision not null,
    primary key (exam_id, question)
  )`,
  `create table exam_markings (
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    question text not null,
    turn integer not null,
    exam_id text not null references exams on delete cascade deferrable,
    marker_id text references users on delete set null deferrable,
    points double precision,
    criteria jsonb,
    comment text not null default '',
    leased_until timestamptz,
    marked_at timestamptz,
    primary key (attempt_id, question, turn)
  )`,
  // Nobody marks an answer twice, whatever comes at the same time.
  "create unique index exam_markings_once on exam_markings (attempt_id, question, marker_id)",
  "create index exam_markings_exam on exam_markings (exam_id, question, marker_id)",
  "create index exam_markings_marker on exam_markings (marker_id)",
  "create index exam_markings_open on exam_markings (exam_id, question, leased_until) where points is null",
  // The order in which answers are given out: the seed is random.
  "create index exam_attempts_marking on exam_attempts (exam_id, seed, id) where waiting > 0",
  `create table marking_comments (
    user_id text primary key references users on delete cascade deferrable,
    comments jsonb not null
  )`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
