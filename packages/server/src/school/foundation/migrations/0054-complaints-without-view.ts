/** Adds to the quality of lessons the reports of viewers whose player told nothing. */
import { type Kysely, type Migration, sql } from "kysely";

export const complaintsWithoutView: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql.raw("alter table lesson_quality add column complained_without_view integer not null default 0").execute(db);
  },
};
