/** Adds indexes for replaying rooms: what happened in a time, and what was deleted later. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "create index room_entries_by_time on room_entries (lesson_id, at)",
  "create index room_entries_deleted on room_entries (lesson_id, key) where (body ->> 'deleted') = 'true'",
];

export const roomReplay: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
