/** Adds the keys that encrypt people's data in the database. */
import { type Kysely, type Migration, sql } from "kysely";

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`create table data_keys (
      id text primary key,
      wrapped text not null,
      created_at timestamptz not null default now(),
      active_at timestamptz not null,
      finished_at timestamptz,
      progress jsonb
    )`.execute(db);
  },
};
