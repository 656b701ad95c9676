/** Adds probes, which watch live lessons like viewers on a schedule, and their runs. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table probes (
    id text primary key,
    school_id text references schools (id) on delete cascade,
    lesson_id text references lessons (id) on delete cascade,
    name text not null,
    via text,
    every_seconds integer not null,
    seconds integer not null,
    black boolean not null,
    frozen boolean not null,
    silent boolean not null,
    enabled boolean not null,
    asked_at timestamptz,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index probes_by_school on probes (school_id)",
  "create index probes_by_lesson on probes (lesson_id)",
  `create table probe_runs (
    id text primary key,
    probe_id text not null references probes (id) on delete cascade,
    lesson_id text not null references lessons (id) on delete cascade,
    node text not null,
    at timestamptz not null,
    taken_at timestamptz not null default now(),
    verdict text not null,
    report jsonb not null
  )`,
  "create index probe_runs_by_probe on probe_runs (probe_id, id)",
  "create index probe_runs_by_lesson on probe_runs (lesson_id)",
  "create index probe_runs_by_taken_at on probe_runs (taken_at)",
];

export const probes: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
