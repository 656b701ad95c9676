/** Adds what a candidate's result is compared with: whether an examination shows ranks, and the figures of all candidates once results are released. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table exams add column standing text not null default 'none' check (standing in ('none', 'rank', 'percentile'))",
  `create table exam_standings (
    exam_id text primary key references exams on delete cascade deferrable,
    due_at timestamptz,
    standings jsonb,
    computed_at timestamptz
  )`,
  "create index exam_standings_due on exam_standings (due_at) where due_at is not null",
  // Results that are out already have them too.
  `insert into exam_standings (exam_id, due_at)
    select id, now() from exams where released_at is not null and deleted_at is null`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
