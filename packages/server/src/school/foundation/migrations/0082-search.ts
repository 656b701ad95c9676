/** Adds what lessons are searched by: their words as numbers, block by block, and which rooms have something that is not in it yet. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table search_blocks (
    lesson_id text not null references lessons on delete cascade deferrable,
    n integer not null,
    kind text not null check (kind in ('transcript', 'chat', 'question', 'slide', 'board')),
    words integer[] not null,
    lines jsonb not null,
    data_key text not null,
    primary key (lesson_id, n)
  )`,
  // Nobody waits for what is written; who searches would, for words that are not sorted in yet.
  "create index search_blocks_words on search_blocks using gin (words) with (fastupdate = off)",
  "create index search_blocks_data_key on search_blocks (data_key)",
  "alter table rooms add column search_at timestamptz",
  "create index rooms_search_at on rooms (search_at) where search_at is not null",
  "update rooms set search_at = now()",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
