/** Creates the tables of schools, people and lessons. References are deferrable, so that a backup can be restored table by table. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table schools (
    id text primary key,
    slug text not null constraint schools_slug unique,
    name text not null,
    time_zone text not null,
    guests boolean not null,
    admin_networks jsonb not null,
    archived_at timestamptz,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  `create table users (
    id text primary key,
    school_id text references schools deferrable,
    login text not null,
    name text not null,
    email text,
    role text not null check (role in ('operator', 'administrator', 'teacher', 'assistant', 'student', 'supervisor')),
    password_hash text,
    calendar_secret text constraint users_calendar unique,
    disabled_at timestamptz,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint users_school check ((school_id is null) = (role = 'operator'))
  )`,
  `create unique index users_login on users (coalesce(school_id, ''), login)`,
  `create index users_by_login on users (login)`,
  `create index users_by_school on users (school_id, id)`,
  `create table sessions (
    token_hash text primary key,
    user_id text not null references users deferrable,
    ip text not null,
    agent text not null,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index sessions_by_user on sessions (user_id)`,
  `create index sessions_by_expiry on sessions (expires_at)`,
  `create table api_keys (
    id text primary key,
    school_id text references schools deferrable,
    name text not null,
    secret_hash text not null unique,
    scopes jsonb not null,
    created_by text not null,
    expires_at timestamptz,
    used_at timestamptz,
    created_at timestamptz not null default now()
  )`,
  `create table password_resets (
    token_hash text primary key,
    user_id text not null references users deferrable,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create table attempts (
    key text primary key,
    failures integer not null,
    locked_until timestamptz,
    failed_at timestamptz not null
  )`,
  `create table courses (
    id text primary key,
    school_id text not null references schools deferrable,
    name text not null,
    description text not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint courses_name unique (school_id, name)
  )`,
  `create table course_members (
    course_id text not null references courses on delete cascade deferrable,
    user_id text not null references users deferrable,
    role text not null check (role in ('teacher', 'assistant', 'student', 'supervisor')),
    primary key (course_id, user_id)
  )`,
  `create index course_members_by_user on course_members (user_id)`,
  `create table lessons (
    id text primary key,
    school_id text not null references schools deferrable,
    course_id text references courses deferrable,
    teacher_id text references users deferrable,
    title text not null,
    mode text not null check (mode in ('broadcast', 'interactive-large', 'interactive-small', 'one-to-one')),
    state text not null check (state in ('scheduled', 'live', 'ended')),
    starts_at timestamptz,
    ends_at timestamptz,
    started_at timestamptz,
    started_by text,
    ended_at timestamptz,
    ended_by text,
    record boolean not null,
    guests boolean not null,
    capacity integer,
    code text not null constraint lessons_code unique,
    stream_app text not null,
    stream_name text not null constraint lessons_stream unique,
    publish_key text not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  `create index lessons_by_school on lessons (school_id, id)`,
  `create index lessons_by_course on lessons (course_id)`,
  `create index lessons_by_teacher on lessons (teacher_id)`,
  `create index lessons_by_start on lessons (school_id, starts_at)`,
  `create index lessons_live on lessons (state) where state = 'live'`,
  `create table participants (
    id text primary key,
    lesson_id text not null references lessons on delete cascade deferrable,
    user_id text references users deferrable,
    name text not null,
    role text not null,
    token_hash text,
    joined_at timestamptz not null,
    seen_at timestamptz not null,
    removed_at timestamptz,
    constraint participants_person unique (lesson_id, user_id)
  )`,
  `create index participants_by_lesson on participants (lesson_id, id)`,
  `create table imports (
    id text primary key,
    school_id text not null references schools deferrable,
    kind text not null,
    state text not null,
    rows_total integer not null,
    rows_done integer not null,
    errors jsonb not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    finished_at timestamptz
  )`,
  `create table webhooks (
    id text primary key,
    school_id text references schools deferrable,
    url text not null,
    events jsonb not null,
    secret text not null,
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  `create table deliveries (
    id text primary key,
    webhook_id text not null references webhooks on delete cascade deferrable,
    event text not null,
    body text not null,
    state text not null,
    attempts integer not null default 0,
    next_at timestamptz not null,
    last_status integer,
    last_error text,
    created_at timestamptz not null default now(),
    done_at timestamptz
  )`,
  `create index deliveries_due on deliveries (next_at) where state = 'pending'`,
  `create index deliveries_by_webhook on deliveries (webhook_id, id)`,
  `create table audit (
    id text primary key,
    school_id text,
    at timestamptz not null default now(),
    actor_kind text not null,
    actor_id text,
    actor_name text not null,
    ip text not null,
    action text not null,
    target_kind text not null,
    target_id text not null,
    before jsonb,
    after jsonb
  )`,
  `create index audit_by_school on audit (school_id, id)`,
  `create table idempotency (
    actor text not null,
    key text not null,
    fingerprint text not null,
    status integer,
    body jsonb,
    created_at timestamptz not null default now(),
    primary key (actor, key)
  )`,
  `create index idempotency_by_age on idempotency (created_at)`,
];

export const schoolsPeopleLessons: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
