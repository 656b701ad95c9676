/** Adds rules of alarms, the channels that people are told by, what they have yet to be told, and what was seen at an alarm. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table alarm_rules (
    id text primary key,
    code text not null,
    name text not null,
    kind text not null,
    metric text not null,
    subject text not null,
    comparison text not null,
    threshold double precision not null,
    clear_threshold double precision not null,
    for_seconds integer not null,
    clear_seconds integer not null,
    guard_metric text,
    guard_least double precision,
    severity text not null,
    channels jsonb not null,
    silent_until timestamptz,
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  `alter table alarms
    add column severity text not null default 'warning',
    add column rule_id text references alarm_rules (id) on delete set null,
    add column lesson_id text references lessons (id) on delete set null,
    add column acknowledged_at timestamptz,
    add column acknowledged_by text references users (id) on delete set null,
    add column reminded_at timestamptz,
    add column seen jsonb`,
  "create index alarms_by_cleared_at on alarms (cleared_at)",
  "create index alarms_by_rule on alarms (rule_id)",
  "create index alarms_by_subject on alarms (source, code, subject, raised_at)",
  "create index alarms_by_lesson on alarms (lesson_id)",
  `create table alarm_channels (
    id text primary key,
    school_id text references schools (id) on delete cascade deferrable,
    kind text not null,
    name text not null,
    secret_target text not null,
    secret text not null,
    language text not null,
    severity text not null,
    enabled boolean not null,
    failures integer not null default 0,
    last_error text,
    last_sent_at timestamptz,
    next_at timestamptz,
    gap_level integer not null default 0,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index alarm_channels_by_school on alarm_channels (school_id, id)",
  `create table alarm_notices (
    id text primary key,
    channel_id text not null references alarm_channels (id) on delete cascade deferrable,
    alarm_id text not null references alarms (id) on delete cascade deferrable,
    event text not null,
    created_at timestamptz not null,
    sent_at timestamptz,
    constraint alarm_notices_once unique (channel_id, alarm_id, event)
  )`,
  "create index alarm_notices_by_alarm on alarm_notices (alarm_id)",
  "create index alarm_notices_waiting on alarm_notices (channel_id, created_at) where sent_at is null",
];

export const alarmRules: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
