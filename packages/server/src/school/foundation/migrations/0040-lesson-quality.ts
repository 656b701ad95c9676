/** Adds the quality of each lesson by carrier, each school's rule of compensation, and the make-up lessons that it proposes. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table quality_rules (
    school_id text primary key references schools (id) on delete cascade,
    enabled boolean not null,
    stall_seconds integer not null,
    viewer_share double precision not null
  )`,
  `create table lesson_rollups (
    lesson_id text primary key references lessons (id) on delete cascade,
    computed_at timestamptz not null
  )`,
  `create table lesson_quality (
    lesson_id text not null references lessons (id) on delete cascade,
    carrier text not null,
    viewers integer not null,
    completed integer not null,
    affected integer not null,
    complained integer not null,
    watched_ms bigint not null,
    stalls bigint not null,
    stall_ms bigint not null,
    reconnects bigint not null,
    frames bigint not null,
    dropped_frames bigint not null,
    primary key (lesson_id, carrier)
  )`,
  "create index lessons_by_started_at on lessons (started_at)",
  `create table make_ups (
    lesson_id text primary key references lessons (id) on delete cascade,
    school_id text not null references schools (id) on delete cascade,
    viewers integer not null,
    affected integer not null,
    stall_ms bigint not null,
    state text not null,
    proposed_at timestamptz not null,
    decided_at timestamptz,
    decided_by text references users (id) on delete set null
  )`,
  "create index make_ups_by_school on make_ups (school_id, lesson_id)",
];

export const lessonQuality: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
