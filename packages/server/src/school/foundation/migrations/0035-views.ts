/** Adds what players tell of what was seen: sessions, and each minute's figures. */
import { type Kysely, type Migration, sql } from "kysely";

const SUMS = `watched_ms bigint not null,
    heard_ms bigint not null,
    stalls integer not null,
    stall_ms bigint not null,
    frames bigint not null,
    dropped_frames bigint not null,
    bytes bigint not null,
    switches integer not null,
    reconnects integer not null,
    errors integer not null`;

const STATEMENTS = [
  "alter table schools add column view_details text not null default 'names'",
  `create table view_sessions (
    id text primary key,
    cid text not null,
    lesson_id text references lessons (id) on delete cascade,
    school_id text references schools (id) on delete cascade,
    participant_id text references participants (id) on delete set null,
    trace text not null,
    node text not null,
    edge text not null,
    engine text not null,
    device text not null,
    os text not null,
    browser text not null,
    line text not null,
    network text not null,
    carrier text not null,
    region text not null,
    started_at timestamptz not null,
    last_at timestamptz not null,
    ended_at timestamptz,
    end_reason text,
    first_frame_ms integer,
    moments jsonb not null,
    complaint text,
    ${SUMS}
  )`,
  "create index view_sessions_by_lesson on view_sessions (lesson_id, started_at)",
  "create index view_sessions_by_school on view_sessions (school_id, started_at)",
  "create index view_sessions_by_participant on view_sessions (participant_id)",
  "create index view_sessions_by_time on view_sessions (started_at)",
  "create unique index view_sessions_by_complaint on view_sessions (complaint) where complaint is not null",
  `create table view_minutes (
    cid text not null,
    minute timestamptz not null,
    node text not null,
    carrier text not null,
    region text not null,
    engine text not null,
    device text not null,
    lesson_id text references lessons (id) on delete cascade,
    school_id text references schools (id) on delete cascade,
    beacons integer not null,
    sessions integer not null,
    first_frames jsonb not null,
    stall_lengths jsonb not null,
    ${SUMS},
    primary key (cid, minute, node, carrier, region, engine, device)
  )`,
  "create index view_minutes_by_lesson on view_minutes (lesson_id, minute)",
  "create index view_minutes_by_school on view_minutes (school_id, minute)",
  "create index view_minutes_by_time on view_minutes (minute)",
];

export const views: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
