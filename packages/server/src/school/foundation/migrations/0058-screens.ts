/** Adds televisions that show a code and are let into a lesson by a phone. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table screens (
    id text primary key,
    code text not null unique,
    secret_hash text not null unique,
    lesson_id text references lessons(id) on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
  )`,
  "create index screens_expired on screens (expires_at)",
  // Whose phone let a television in: it is out with this participant.
  "alter table watchers add column screen_of text references participants(id) on delete cascade",
  // Participants who are out, and rows that are deleted, look for their televisions.
  "create index watchers_screen_of on watchers (screen_of) where screen_of is not null",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
