/** Adds to entries of rooms what their senders were told, so that a repeated deed is acknowledged as the first one was. */
import { type Kysely, type Migration, sql } from "kysely";

export const roomAnswers: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql.raw("alter table room_entries add column answer jsonb").execute(db);
  },
};
