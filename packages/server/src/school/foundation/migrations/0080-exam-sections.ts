/** Adds sections with a time of their own: which they are in a published examination, when a candidate began each, and for how long the clock stood. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table exams add column timed_sections jsonb",
  "alter table exam_attempts add column paused_seconds integer not null default 0",
  `create table exam_section_starts (
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    section text not null,
    begun_at timestamptz not null,
    seconds integer not null,
    extra_before integer not null,
    primary key (attempt_id, section)
  )`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
