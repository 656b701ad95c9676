/** Adds services of schools that score answers, which questions go to them, and what they propose. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table scoring_services (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    url text not null,
    secret text not null,
    enabled boolean not null,
    per_minute integer not null,
    per_day integer not null,
    accept_confidence double precision,
    failures integer not null default 0,
    paused_until timestamptz,
    last_error text not null default '',
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint scoring_services_school unique (school_id)
  )`,
  `create table exam_scored_questions (
    exam_id text not null references exams on delete cascade deferrable,
    question text not null,
    primary key (exam_id, question)
  )`,
  `create table exam_proposals (
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    question text not null,
    exam_id text not null,
    school_id text not null,
    state text not null check (state in ('waiting', 'proposed', 'accepted', 'refused')),
    next_at timestamptz not null,
    tries integer not null default 0,
    sent_at timestamptz,
    answer_hash text not null default '',
    points double precision,
    confidence double precision,
    criteria jsonb,
    comment text not null default '',
    primary key (attempt_id, question)
  )`,
  "create index exam_proposals_waiting on exam_proposals (school_id, next_at) where state = 'waiting'",
  "create index exam_proposals_sent on exam_proposals (school_id, sent_at)",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
