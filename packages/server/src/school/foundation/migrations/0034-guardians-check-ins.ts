/** Adds guardians, who are told of absences and check-ins, and the forms of a school's daily check-in. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table guardians (
    id text primary key,
    school_id text not null references schools (id) on delete cascade,
    child_id text not null references users (id) on delete cascade,
    name text not null,
    email text not null,
    absences boolean not null,
    check_ins boolean not null,
    created_at timestamptz not null default now(),
    constraint guardians_email unique (child_id, email)
  )`,
  "create index guardians_by_school on guardians (school_id)",
  `create table guardian_notices (
    id text primary key,
    guardian_id text not null references guardians (id) on delete cascade,
    kind text not null,
    about text not null,
    subject text not null,
    body text not null,
    attempts integer not null default 0,
    next_at timestamptz,
    sent_at timestamptz,
    created_at timestamptz not null default now(),
    constraint guardian_notices_once unique (guardian_id, kind, about)
  )`,
  "create index guardian_notices_due on guardian_notices (next_at) where next_at is not null",
  `create table check_in_forms (
    id text primary key,
    school_id text not null references schools (id) on delete cascade,
    name text not null,
    fields jsonb not null,
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index check_in_forms_by_school on check_in_forms (school_id, id)",
  `create table check_ins (
    id text primary key,
    form_id text not null references check_in_forms (id) on delete cascade,
    user_id text not null references users (id) on delete cascade,
    day text not null,
    answers jsonb not null,
    at timestamptz not null,
    constraint check_ins_once unique (form_id, user_id, day)
  )`,
  "create index check_ins_by_day on check_ins (form_id, day, id)",
  "create index check_ins_by_user on check_ins (user_id)",
];

export const guardiansCheckIns: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
