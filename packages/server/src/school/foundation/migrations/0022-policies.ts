/**
 * Adds policies and lists of addresses. What belongs to a school, a course, a lesson or a recording is deleted with it. Existing API keys that have
 * every scope of a role keep them: they get the new ones.
 */
import { type Kysely, type Migration, sql } from "kysely";
import { json } from "../../../platform/store/store.ts";

const STATEMENTS = [
  `create table policies (
    id text primary key,
    school_id text references schools on delete cascade deferrable,
    level text not null check (level in ('installation', 'school', 'course', 'lesson', 'stream', 'recording')),
    target_id text not null,
    course_id text references courses on delete cascade deferrable,
    lesson_id text references lessons on delete cascade deferrable,
    recording_id text references recordings on delete cascade deferrable,
    rules jsonb not null,
    bytes integer not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint policies_target unique (level, target_id),
    constraint policies_place check (
      (level = 'installation') = (target_id = '')
      and (level <> 'school' or school_id = target_id)
      and (level not in ('course', 'lesson') or school_id is not null)
      and (level not in ('installation', 'stream') or school_id is null)
      and course_id is not distinct from (case level when 'course' then target_id end)
      and lesson_id is not distinct from (case level when 'lesson' then target_id end)
      and recording_id is not distinct from (case level when 'recording' then target_id end)
    )
  )`,
  "create index policies_by_school on policies (school_id, id)",
  ...["course", "lesson", "recording"].map(
    (target) => `create index policies_by_${target} on policies (${target}_id) where ${target}_id is not null`,
  ),
  `create table address_lists (
    id text primary key,
    school_id text references schools on delete cascade deferrable,
    name text not null,
    source text not null check (source in ('entries', 'url', 'file')),
    secret_url text,
    file text,
    refresh_seconds integer,
    entries integer not null default 0,
    ranges integer not null default 0,
    mistakes jsonb not null default '[]',
    mistake_count integer not null default 0,
    content_version integer not null default 0,
    claimed_version integer not null default 0,
    content_hash text,
    content_at timestamptz,
    validators jsonb not null default '{}',
    last_fetched_at timestamptz,
    next_fetch_at timestamptz,
    last_error jsonb,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint address_lists_source check (
      (source = 'url') = (secret_url is not null)
      and (source = 'url') = (refresh_seconds is not null)
      and (source = 'file') = (file is not null)
    )
  )`,
  "create unique index address_lists_name on address_lists (coalesce(school_id, ''), name)",
  "create index address_lists_by_fetch on address_lists (next_fetch_at) where next_fetch_at is not null",
  `create table address_list_parts (
    list_id text not null references address_lists on delete cascade deferrable,
    version integer not null,
    kind text not null check (kind in ('compiled', 'text')),
    n integer not null,
    bytes bytea not null check (octet_length(bytes) <= 262144),
    primary key (list_id, version, kind, n)
  )`,
  // Neither compiled lists nor compressed text become smaller.
  "alter table address_list_parts alter column bytes set storage external",
];

/** The scopes that a role had, and those that it has now in addition. */
const TEACHER = [
  ...["schools:read", "people:read", "people:write", "lessons:read", "lessons:write", "recordings:read", "recordings:write"],
  ...["streams:read", "sources:read", "publish-keys:write", "recording-links:write"],
];
const ADMINISTRATOR = [
  ...TEACHER,
  ...[
    "schools:write",
    "streams:write",
    "sources:write",
    "webhooks:read",
    "webhooks:write",
    "audit:read",
    "system:read",
    "system:write",
  ],
  "webhook-secrets:write",
];
const ADDED = [
  { role: TEACHER, scope: "policies:read" },
  { role: ADMINISTRATOR, scope: "policies:write" },
];

export const policies: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
    const { rows } = await sql<{ id: string; scopes: readonly string[] }>`select id, scopes from api_keys`.execute(db);
    for (const { id, scopes } of rows) {
      const added = ADDED.filter(({ role }) => role.every((scope) => scopes.includes(scope))).map(({ scope }) => scope);
      if (added.length > 0) await sql`update api_keys set scopes = ${json([...scopes, ...added])} where id = ${id}`.execute(db);
    }
  },
};
