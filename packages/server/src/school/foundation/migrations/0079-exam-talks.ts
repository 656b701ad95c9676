/** Adds talks of supervisors with candidates, and which candidates somebody has looked at: what is open ends where that candidate is another's. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  // Beside exam_watchers, in which nodes of the version before go on writing during an upgrade.
  `create table exam_looks (
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    user_id text not null references users on delete cascade deferrable,
    looked_at timestamptz not null,
    primary key (attempt_id, user_id)
  )`,
  "create index exam_looks_user on exam_looks (user_id)",
  `create table exam_talks (
    id text primary key,
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    number integer not null,
    supervisor_id text references users on delete set null deferrable,
    requested_at timestamptz not null,
    renewed_at timestamptz not null,
    accepted_at timestamptz,
    ended_at timestamptz,
    ended_by text check (ended_by in ('supervisor', 'candidate', 'time')),
    constraint exam_talks_number unique (attempt_id, number)
  )`,
  "create unique index exam_talks_open on exam_talks (attempt_id) where ended_at is null",
  "create index exam_talks_supervisor on exam_talks (supervisor_id)",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
