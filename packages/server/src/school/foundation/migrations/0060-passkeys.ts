/** Adds passkeys of people, and which of them opened a session. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table passkeys (
    id text primary key,
    user_id text not null references users on delete cascade deferrable,
    credential_id text not null unique,
    public_key text not null,
    sign_count bigint not null,
    transports jsonb not null,
    name text not null,
    created_at timestamptz not null default now(),
    used_at timestamptz
  )`,
  "create index passkeys_by_user on passkeys (user_id, id)",
  "alter table sessions add column passkey_id text",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
