/**
 * Adds since when nobody publishes to a live lesson, which invitations show, and how long a school waits before such a lesson ends.
 */
import { type Kysely, type Migration, sql } from "kysely";

const SHOWN = "school_id, title, code, state, starts_at, ends_at, started_at, publisher_left_at, guests, teacher_id, deleted_at";
const STATEMENTS = [
  "alter table lessons add column publisher_left_at timestamptz",
  "alter table schools add column end_after_minutes integer not null default 20",
  "drop trigger lectern_notify_invitations on lessons",
  `create trigger lectern_notify_invitations after update of ${SHOWN} or delete on lessons
    for each row execute function lectern_notify_invitations()`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
