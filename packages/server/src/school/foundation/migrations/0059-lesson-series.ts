/** Adds series of lessons that repeat by the week, and the terms and holidays of a school. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table lesson_series (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    course_id text references courses on delete set null deferrable,
    teacher_id text references users on delete set null deferrable,
    title text not null,
    mode text not null check (mode in ('broadcast', 'interactive-large', 'interactive-small', 'small', 'one-to-one')),
    record boolean not null,
    guests boolean not null,
    waiting_room boolean not null,
    open_to_school boolean not null,
    capacity integer,
    ladder text,
    ladder_start text check (ladder_start in ('demand', 'publish')),
    time_zone text not null,
    weekly jsonb not null,
    every_weeks integer not null,
    starts_on text not null,
    ends_on text,
    lesson_count integer,
    skip_holidays boolean not null,
    planned_until text,
    next_at timestamptz,
    notify_at timestamptz,
    notify_attempts integer not null default 0,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index lesson_series_by_school on lesson_series (school_id, id)",
  "create index lesson_series_by_course on lesson_series (course_id) where course_id is not null",
  "create index lesson_series_by_teacher on lesson_series (teacher_id) where teacher_id is not null",
  "create index lesson_series_due on lesson_series (next_at) where next_at is not null",
  "create index lesson_series_to_notify on lesson_series (notify_at) where notify_at is not null",
  // Apart from the series: lessons that are left out one by one do not change its version.
  `create table lesson_series_exceptions (
    series_id text not null references lesson_series on delete cascade,
    occurrence text not null,
    primary key (series_id, occurrence)
  )`,
  `create table calendar_entries (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    kind text not null check (kind in ('term', 'holiday')),
    name text not null,
    starts_on text not null,
    ends_on text not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index calendar_entries_by_school on calendar_entries (school_id, id)",
  // Deferred: a change of the pattern moves lessons to the places of others in one transaction.
  `alter table lessons
    add column series_id text references lesson_series on delete set null deferrable,
    add column occurrence text,
    add column series_edited boolean not null default false,
    add constraint lessons_occurrence unique (series_id, occurrence) deferrable initially deferred`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
