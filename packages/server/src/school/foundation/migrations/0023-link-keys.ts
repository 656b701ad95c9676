/** Adds the keys of links that other systems sign. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table link_keys (
    id text primary key,
    school_id text references schools on delete cascade deferrable,
    name text not null,
    scheme text not null check (scheme in ('upyun', 'aliyun-a', 'aliyun-b', 'aliyun-c', 'tencent', 'nginx')),
    secret text not null,
    valid_seconds integer not null check (valid_seconds >= 0),
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create unique index link_keys_name on link_keys (coalesce(school_id, ''), name)",
  "create index link_keys_by_school on link_keys (school_id, id)",
];

export const linkKeys: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
