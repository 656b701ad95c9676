/** Adds uploads of address lists that arrive in parts. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table list_uploads (
    id text primary key,
    list_id text not null references address_lists on delete cascade deferrable,
    size bigint not null,
    uploaded bigint not null default 0,
    parts integer not null default 0,
    done_at timestamptz,
    expires_at timestamptz not null
  )`,
  "create index list_uploads_by_list on list_uploads (list_id)",
  "create index list_uploads_by_expiry on list_uploads (expires_at)",
  `create table list_upload_parts (
    upload_id text not null references list_uploads on delete cascade deferrable,
    n integer not null,
    bytes bytea not null check (octet_length(bytes) <= 262144),
    primary key (upload_id, n)
  )`,
  "alter table list_upload_parts alter column bytes set storage external",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
