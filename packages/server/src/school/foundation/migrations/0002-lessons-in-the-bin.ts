/** Adds the bin for deleted lessons. */
import { type Kysely, type Migration, sql } from "kysely";

export const lessonsInTheBin: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql.raw("alter table lessons add column deleted_at timestamptz").execute(db);
    await sql.raw("create index lessons_deleted on lessons (deleted_at) where deleted_at is not null").execute(db);
  },
};
