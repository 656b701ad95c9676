/** Adds operators whose accounts end by themselves, and mails that tell staff of something. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table users add column break_glass_until timestamptz",
  "create index users_break_glass on users (break_glass_until) where break_glass_until is not null",
  `create table staff_notices (
    id text primary key,
    user_id text not null references users(id) on delete cascade deferrable,
    subject text not null,
    body text not null,
    created_at timestamptz not null default now(),
    next_at timestamptz,
    sent_at timestamptz,
    attempts integer not null default 0
  )`,
  "create index staff_notices_due on staff_notices (next_at) where next_at is not null",
  "create index staff_notices_user on staff_notices (user_id)",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
