/** Adds what operators have turned off, for everybody, a school or a lesson. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table degradations (
    id text primary key,
    what text not null,
    school_id text references schools on delete cascade deferrable,
    lesson_id text references lessons on delete cascade deferrable,
    reason text not null,
    until timestamptz,
    created_by text not null,
    created_at timestamptz not null default now()
  )`,
  "create index degradations_by_school on degradations (school_id, id)",
  "create index degradations_by_lesson on degradations (lesson_id)",
  "create index degradations_by_end on degradations (until)",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
