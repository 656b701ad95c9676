/** Adds whether a lesson has captions. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table lessons add column captions boolean not null default false",
  // Each change of a live lesson asks which of them have captions.
  "create index lessons_captions on lessons (started_at, id) where captions and state = 'live'",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
