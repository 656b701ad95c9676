/** Adds LTI 1.3: platforms, the tool's own keys, nonces that were used, and what people, courses and links of a platform are here. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table lti_platforms (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    name text not null,
    issuer text not null,
    client_id text not null,
    deployment_ids jsonb not null,
    login_url text not null,
    grant_url text not null,
    keys_url text not null,
    origins jsonb not null,
    grades boolean not null,
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint lti_platforms_client unique (school_id, issuer, client_id)
  )`,
  `create table lti_keys (
    generation integer primary key,
    id text not null,
    private_key text not null,
    public_key jsonb not null,
    created_at timestamptz not null
  )`,
  `create table lti_nonces (
    nonce_hash text primary key,
    expires_at timestamptz not null
  )`,
  "create index lti_nonces_by_expiry on lti_nonces (expires_at)",
  `create table lti_people (
    school_id text not null references schools on delete cascade deferrable,
    issuer text not null,
    subject text not null,
    user_id text not null references users on delete cascade deferrable,
    created_at timestamptz not null default now(),
    primary key (school_id, issuer, subject)
  )`,
  "create index lti_people_by_user on lti_people (user_id)",
  `create table lti_courses (
    platform_id text not null references lti_platforms on delete cascade deferrable,
    deployment_id text not null,
    context_id text not null,
    course_id text not null references courses on delete cascade deferrable,
    primary key (platform_id, deployment_id, context_id)
  )`,
  "create index lti_courses_by_course on lti_courses (course_id)",
  `create table lti_links (
    id text primary key,
    platform_id text not null references lti_platforms on delete cascade deferrable,
    deployment_id text not null,
    link_id text not null,
    lesson_id text not null references lessons on delete cascade deferrable,
    recording_id text references recordings on delete cascade deferrable,
    line_item_url text,
    line_items_url text,
    grade_scopes jsonb not null,
    scored_until timestamptz,
    score_attempts integer not null default 0,
    score_at timestamptz,
    score_error text,
    constraint lti_links_link unique (platform_id, deployment_id, link_id)
  )`,
  "create index lti_links_by_lesson on lti_links (lesson_id)",
  "create index lti_links_by_recording on lti_links (recording_id)",
];

export const lti: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
