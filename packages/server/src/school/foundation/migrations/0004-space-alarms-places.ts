/** Adds limits of a school's recordings, alarms, and playback positions. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `alter table schools
    add column keep_days integer not null default 0,
    add column keep_bytes bigint not null default 0,
    add column quota_bytes bigint not null default 0`,
  `create table alarms (
    id text primary key,
    school_id text references schools on delete cascade deferrable,
    source text not null,
    code text not null,
    subject text not null,
    detail text not null,
    raised_at timestamptz not null default now(),
    cleared_at timestamptz
  )`,
  "create unique index alarms_open on alarms (source, code, subject) where cleared_at is null",
  "create index alarms_by_school on alarms (school_id, id)",
  `create table places (
    user_id text not null references users on delete cascade deferrable,
    recording_id text not null references recordings on delete cascade deferrable,
    seconds double precision not null,
    updated_at timestamptz not null default now(),
    primary key (user_id, recording_id)
  )`,
];

export const spaceAlarmsPlaces: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
