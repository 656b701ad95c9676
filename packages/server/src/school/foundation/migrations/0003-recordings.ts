/** Creates the table of recordings. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table recordings (
    id text primary key,
    school_id text references schools deferrable,
    lesson_id text references lessons on delete set null deferrable,
    app text not null,
    name text not null,
    epoch text not null,
    title text not null,
    started_at timestamptz not null,
    seconds double precision not null,
    bytes bigint not null,
    whole boolean not null,
    files jsonb not null,
    published boolean not null,
    chapters jsonb not null,
    deleted_at timestamptz,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index recordings_by_school on recordings (school_id, id)",
  "create index recordings_by_lesson on recordings (lesson_id)",
  "create index recordings_deleted on recordings (deleted_at) where deleted_at is not null",
];

export const recordings: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
