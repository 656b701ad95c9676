/** Adds the mark of schools that load tests have made, with the time when they end. */
import { type Kysely, type Migration, sql } from "kysely";

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql.raw("alter table schools add column load_test_until timestamptz").execute(db);
  },
};
