/** Adds the board: pages as they were at some places of the room's log, and whose items a tag marks. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table board_pages (
    lesson_id text not null references lessons (id) on delete cascade,
    page text not null,
    epoch text not null,
    seq bigint not null,
    at timestamptz not null,
    operations jsonb not null,
    primary key (lesson_id, page, epoch, seq)
  )`,
  "create index board_pages_by_time on board_pages (lesson_id, page, at)",
  `create table board_tags (
    lesson_id text not null references lessons (id) on delete cascade,
    tag text not null,
    person_id text not null,
    primary key (lesson_id, tag)
  )`,
  "create index room_entries_of_page on room_entries (lesson_id, (body ->> 'page'), seq) where kind = 'stroke'",
];

export const board: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
