/** Adds the rooms of lessons: who owns each, and the log of its entries. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table rooms (
    lesson_id text primary key references lessons (id) on delete cascade,
    epoch text not null,
    term integer not null,
    owner text not null,
    head bigint not null
  )`,
  `create table room_entries (
    lesson_id text not null references lessons (id) on delete cascade,
    epoch text not null,
    seq bigint not null,
    at timestamptz not null,
    media_time double precision,
    id text not null,
    from_id text not null,
    from_name text not null,
    from_role text not null,
    kind text not null,
    audience text not null,
    key text,
    gone boolean not null,
    sampled boolean not null,
    body jsonb not null,
    primary key (lesson_id, epoch, seq),
    constraint room_entries_once unique (lesson_id, from_id, id)
  )`,
  "create index room_entries_by_key on room_entries (lesson_id, key, seq desc) where key is not null",
  "create index room_entries_by_kind on room_entries (lesson_id, kind, seq desc)",
];

export const rooms: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
