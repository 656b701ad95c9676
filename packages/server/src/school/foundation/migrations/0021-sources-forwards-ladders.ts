/**
 * Adds sources, forwards and ladders: channels that nodes pull, services that lessons' streams are sent on to, and the rungs of schools, courses
 * and lessons. The database notifies every control process of what changes the jobs of nodes, whichever process writes it. Existing API keys that have
 * every scope of a role keep them: they get the new ones.
 */
import { type Kysely, type Migration, sql } from "kysely";
import { json } from "../../../platform/store/store.ts";

const STATEMENTS = [
  ...["schools", "courses", "lessons"].map(
    (table) => `alter table ${table}
      add column ladder text,
      add column ladder_start text check (ladder_start in ('demand', 'publish'))`,
  ),
  "create index lessons_by_ladder on lessons (ladder) where ladder is not null",
  `create table ladders (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    name text not null,
    rungs jsonb not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint ladders_name unique (school_id, name)
  )`,
  `create table sources (
    id text primary key,
    school_id text references schools on delete cascade deferrable,
    lesson_id text constraint sources_lesson unique references lessons on delete cascade deferrable,
    title text not null,
    app text,
    name text constraint sources_name unique,
    secret_addresses text not null,
    start text not null check (start in ('demand', 'always')),
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint sources_stream check ((lesson_id is null) = (app is not null) and (lesson_id is null) = (name is not null))
  )`,
  "create index sources_by_school on sources (school_id, id)",
  `create table forwards (
    id text primary key,
    lesson_id text not null references lessons on delete cascade deferrable,
    title text not null,
    secret_url text not null,
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index forwards_by_lesson on forwards (lesson_id, id)",
  `create function lectern_notify_jobs() returns trigger language plpgsql as $$
    begin
      perform pg_notify('lectern_jobs', '');
      return null;
    end $$`,
  ...["sources", "forwards"].map(
    (table) => `create trigger lectern_notify_jobs after insert or update or delete on ${table}
      for each statement execute function lectern_notify_jobs()`,
  ),
  `create trigger lectern_notify_jobs after update of ended_by, deleted_at on lessons for each row
    when (old.ended_by is distinct from new.ended_by or old.deleted_at is distinct from new.deleted_at)
    execute function lectern_notify_jobs()`,
  `create trigger lectern_notify_jobs after update of archived_at on schools for each row
    when (old.archived_at is distinct from new.archived_at)
    execute function lectern_notify_jobs()`,
];

/** The scopes that a role had, and those that it has now in addition. */
const TEACHER = [
  ...["schools:read", "people:read", "people:write", "lessons:read", "lessons:write", "recordings:read", "recordings:write"],
  ...["streams:read", "publish-keys:write", "recording-links:write"],
];
const ADMINISTRATOR = [
  ...TEACHER,
  ...["schools:write", "streams:write", "webhooks:read", "webhooks:write", "audit:read", "system:read", "system:write"],
  "webhook-secrets:write",
];
const ADDED = [
  { role: TEACHER, scope: "sources:read" },
  { role: ADMINISTRATOR, scope: "sources:write" },
];

export const sourcesForwardsLadders: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
    const { rows } = await sql<{ id: string; scopes: readonly string[] }>`select id, scopes from api_keys`.execute(db);
    for (const { id, scopes } of rows) {
      const added = ADDED.filter(({ role }) => role.every((scope) => scopes.includes(scope))).map(({ scope }) => scope);
      if (added.length > 0) await sql`update api_keys set scopes = ${json([...scopes, ...added])} where id = ${id}`.execute(db);
    }
  },
};
