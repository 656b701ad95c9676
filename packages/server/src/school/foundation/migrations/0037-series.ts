/** Adds what was measured over time: minutes in blocks of an hour, hours in blocks of a day. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table series_blocks (
    kind text not null,
    subject text not null,
    step integer not null,
    block timestamptz not null,
    lesson_id text references lessons (id) on delete cascade,
    figures jsonb not null,
    primary key (kind, subject, step, block)
  )`,
  "create index series_blocks_by_time on series_blocks (step, block, kind, subject)",
  "create index series_blocks_by_lesson on series_blocks (lesson_id) where lesson_id is not null",
];

export const series: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
