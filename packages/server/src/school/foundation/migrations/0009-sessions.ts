/** Gives sessions an id, the provider that opened them, and schools an idle time-out. Old rows and older nodes get their ids by the default. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `alter table sessions
    add column id text not null default substr(replace(gen_random_uuid()::text, '-', ''), 1, 26),
    add column provider_id text`,
  "create unique index sessions_id on sessions (id)",
  "alter table schools add column idle_minutes integer not null default 0",
];

export const sessions: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
