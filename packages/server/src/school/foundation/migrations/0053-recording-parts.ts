/** Adds what each node has of a recording, and finds the recordings that are being written. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table recordings add column parts jsonb",
  "create index recordings_growing on recordings (app, name) where not whole",
];

export const recordingParts: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
