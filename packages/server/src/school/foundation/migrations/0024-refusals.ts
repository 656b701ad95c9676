/** Adds what media workers refused: counts by the minute, and single requests. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table refusal_counts (
    minute timestamptz not null,
    school_id text references schools on delete cascade deferrable,
    code text not null,
    rule text,
    source text,
    dry_run boolean not null,
    count integer not null,
    constraint refusal_counts_kind unique nulls not distinct (minute, school_id, code, rule, source, dry_run)
  )`,
  "create index refusal_counts_by_school on refusal_counts (school_id, minute)",
  `create table refused_requests (
    id text primary key,
    at timestamptz not null,
    school_id text references schools on delete cascade deferrable,
    target text not null,
    action text not null,
    protocol text not null,
    ip text not null,
    code text not null,
    rule text,
    source text,
    about text,
    dry_run boolean not null
  )`,
  "create index refused_requests_by_school on refused_requests (school_id, id)",
];

export const refusals: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
