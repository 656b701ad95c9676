/** Adds attendance: when each participant was in the room of a lesson, and sign-in rounds. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table room_presence (
    lesson_id text primary key references lessons on delete cascade,
    owner text not null,
    seen_at timestamptz not null,
    version bigint not null default 0,
    reported_until timestamptz
  )`,
  `create table attendance (
    participant_id text not null references participants on delete cascade,
    from_at timestamptz not null,
    to_at timestamptz,
    lesson_id text not null references lessons on delete cascade,
    device text not null,
    present boolean not null,
    version bigint not null,
    primary key (participant_id, from_at)
  )`,
  "create index attendance_by_version on attendance (lesson_id, version)",
  "create index attendance_present on attendance (lesson_id) where present",
  `create table signin_rounds (
    id text primary key,
    lesson_id text not null references lessons on delete cascade,
    title text not null,
    code text,
    late_allowed boolean not null,
    opened_at timestamptz not null,
    closes_at timestamptz,
    closed_at timestamptz
  )`,
  "create index signin_rounds_by_lesson on signin_rounds (lesson_id, id)",
  `create table signins (
    round_id text not null references signin_rounds on delete cascade,
    participant_id text not null references participants on delete cascade,
    at timestamptz not null,
    late boolean not null,
    primary key (round_id, participant_id)
  )`,
  "create index signins_by_participant on signins (participant_id)",
  "create index lessons_by_end on lessons (ended_at) where ended_at is not null",
];

export const attendance: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
