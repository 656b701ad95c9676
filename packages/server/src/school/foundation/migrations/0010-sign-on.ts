/** Adds providers of single sign-on, the identities that they vouch for, and second factors. Identities belong to a school, an issuer and a subject. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table providers (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    name text not null,
    issuer text not null,
    client_id text not null,
    client_secret text not null,
    scopes text not null,
    role_claim text not null,
    role_map jsonb not null,
    default_role text check (default_role in ('teacher', 'assistant', 'student', 'supervisor')),
    course_claim text not null,
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index providers_by_school on providers (school_id, id)",
  `create table identities (
    school_id text not null references schools on delete cascade deferrable,
    issuer text not null,
    subject text not null,
    user_id text not null references users on delete cascade deferrable,
    created_at timestamptz not null default now(),
    primary key (school_id, issuer, subject)
  )`,
  "create index identities_by_user on identities (user_id)",
  "alter table course_members add column provider_id text",
  `alter table schools
    add column password_sign_in boolean not null default true,
    add column second_factor boolean not null default false`,
  `create table second_factors (
    user_id text primary key references users on delete cascade deferrable,
    secret text not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0,
    created_at timestamptz not null default now()
  )`,
  `create table recovery_codes (
    user_id text not null references users on delete cascade deferrable,
    code_hash text not null,
    primary key (user_id, code_hash)
  )`,
];

export const signOn: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
