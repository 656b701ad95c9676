/** Adds word lists, and webhooks that check texts and pictures. Every control process keeps those of its rooms in memory, and hears of changes. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table word_lists (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    name text not null,
    action text not null check (action in ('mask', 'hold', 'refuse')),
    skips_signs boolean not null,
    enabled boolean not null,
    words text not null,
    word_count integer not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint word_lists_name unique (school_id, name)
  )`,
  `create table content_checks (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    kind text not null check (kind in ('text', 'picture')),
    url text not null,
    secret text not null,
    deadline_ms integer not null,
    fallback text not null check (fallback in ('pass', 'hold', 'refuse')),
    interval_seconds integer not null,
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint content_checks_kind unique (school_id, kind)
  )`,
  `create function lectern_notify_text_checks() returns trigger language plpgsql as $$
    begin
      perform pg_notify('lectern_text_checks', coalesce(new.school_id, old.school_id));
      return null;
    end $$`,
  ...["word_lists", "content_checks"].map(
    (table) =>
      `create trigger lectern_notify_text_checks after insert or update or delete on ${table}
        for each row execute function lectern_notify_text_checks()`,
  ),
];

export const moderation: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
