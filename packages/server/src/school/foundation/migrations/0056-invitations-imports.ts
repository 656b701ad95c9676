/** Adds when people first signed in, mails that invite them to do so, and what imports did, so that they can be undone. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table users add column signed_in_at timestamptz, add column invited_at timestamptz",
  // The time of the last change of a person stays, by which a school's own system finds what has changed.
  "alter table users disable trigger user",
  // When people came before is not known. Those who could sign in count as having come: nobody is invited again because of an update.
  `update users set signed_in_at = created_at where password_hash is not null
    or exists (select from sessions where sessions.user_id = users.id)
    or exists (select from identities where identities.user_id = users.id)`,
  "alter table users enable trigger user",
  `create table account_mails (
    user_id text primary key references users(id) on delete cascade,
    school_id text not null references schools(id) on delete cascade,
    requested_by text not null,
    created_at timestamptz not null default now(),
    next_at timestamptz,
    sent_at timestamptz,
    attempts integer not null default 0
  )`,
  "create index account_mails_by_school on account_mails (school_id)",
  "create index account_mails_due on account_mails (next_at) where next_at is not null",
  "alter table imports add column options jsonb not null default '{}', add column undone_at timestamptz",
  `create table import_items (
    import_id text not null references imports(id) on delete cascade,
    kind text not null check (kind in ('user', 'course', 'member', 'lesson')),
    item_id text not null,
    course_id text not null default '',
    primary key (import_id, kind, item_id, course_id)
  )`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
