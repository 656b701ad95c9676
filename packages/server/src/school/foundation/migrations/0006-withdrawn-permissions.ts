/** Adds what decides who is in a lesson: locks, waiting rooms, removed devices, invitations, and who opened which recording. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `alter table lessons
    add column locked boolean not null default false,
    add column waiting_room boolean not null default false,
    add column open_to_school boolean not null default false,
    add column former_key_hash text`,
  // Lessons without a course were open to all students of the school until now.
  "update lessons set open_to_school = true where course_id is null",
  `alter table participants
    add column by_code boolean not null default false,
    add column waiting_since timestamptz,
    add column device_hash text,
    add column browser_hash text,
    add column device_removed boolean not null default false`,
  "update participants set by_code = true where user_id is null",
  "create index participants_by_user on participants (user_id)",
  `create table lesson_invitations (
    lesson_id text not null references lessons on delete cascade deferrable,
    user_id text not null references users on delete cascade deferrable,
    primary key (lesson_id, user_id)
  )`,
  "create index lesson_invitations_by_user on lesson_invitations (user_id)",
  `create table recording_viewers (
    recording_id text not null references recordings on delete cascade deferrable,
    user_id text not null references users on delete cascade deferrable,
    opened_at timestamptz not null default now(),
    primary key (recording_id, user_id)
  )`,
  "create index recording_viewers_by_user on recording_viewers (user_id)",
];

export const withdrawnPermissions: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
