/** Adds watchers: parents and inspectors who may watch a lesson for a time, each by a link of their own. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table watchers (
    id text primary key,
    lesson_id text not null references lessons (id) on delete cascade,
    child_id text references users (id) on delete cascade,
    name text not null,
    secret_hash text not null unique,
    from_at timestamptz not null,
    to_at timestamptz not null,
    chat boolean not null,
    created_at timestamptz not null default now(),
    revoked_at timestamptz,
    opened_at timestamptz,
    participant_id text references participants (id) on delete set null
  )`,
  "create index watchers_by_lesson on watchers (lesson_id, id)",
  "create index watchers_by_participant on watchers (participant_id) where participant_id is not null",
  "create index watchers_by_child on watchers (child_id)",
];

export const watchers: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
