/** Adds what a person decided about the recording of a lesson, against the lesson's own setting. */
import { type Kysely, type Migration, sql } from "kysely";

export const recordingChoices: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql.raw("alter table lessons add column record_choice text check (record_choice in ('start', 'stop'))").execute(db);
  },
};
