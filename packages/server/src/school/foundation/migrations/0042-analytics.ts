/** Adds analytics: what of recordings was played, what happened in each lesson, and the figures of a school's days. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table schools add column lesson_ranking boolean not null default true",
  `create table recording_minutes (
    recording_id text not null references recordings (id) on delete cascade,
    minute integer not null,
    played_ms bigint not null,
    primary key (recording_id, minute)
  )`,
  `create table replay_views (
    user_id text not null references users (id) on delete cascade,
    recording_id text not null references recordings (id) on delete cascade,
    minutes jsonb not null,
    played_at timestamptz not null,
    primary key (user_id, recording_id)
  )`,
  "create index replay_views_by_recording on replay_views (recording_id)",
  `create table lesson_activity (
    lesson_id text primary key references lessons (id) on delete cascade,
    people integer not null,
    present_ms bigint not null,
    peak integer not null,
    watching jsonb not null,
    lines bigint not null,
    questions bigint not null,
    hands bigint not null,
    answers bigint not null
  )`,
  `create table school_days (
    school_id text not null references schools (id) on delete cascade,
    day text not null,
    teacher_id text not null,
    course_id text not null,
    lessons integer not null,
    viewers bigint not null,
    completed bigint not null,
    watched_ms bigint not null,
    stall_ms bigint not null,
    people bigint not null,
    present_ms bigint not null,
    peak integer not null,
    interactions bigint not null,
    primary key (school_id, day, teacher_id, course_id)
  )`,
  "create index school_days_by_day on school_days (day)",
  `create table school_peaks (
    school_id text not null references schools (id) on delete cascade,
    day text not null,
    peak integer not null,
    primary key (school_id, day)
  )`,
  "create index lessons_by_change on lessons (updated_at)",
];

export const analytics: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
