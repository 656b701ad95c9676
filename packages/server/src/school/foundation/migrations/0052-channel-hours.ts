/** Adds to channels of alarms when they are on call, and when they are quiet. */
import { type Kysely, type Migration, sql } from "kysely";

export const channelHours: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql.raw(`alter table alarm_channels add column hours jsonb not null default '{"onCall": [], "quiet": []}'`).execute(db);
  },
};
