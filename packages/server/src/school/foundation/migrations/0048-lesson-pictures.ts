/** Adds which recording the picture of a small lesson becomes, so that one that was not finished is made again, once. */
import { type Kysely, type Migration, sql } from "kysely";

export const lessonPictures: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql
      .raw("alter table lessons add column picture_id varchar(26), add column picture_settled boolean not null default false")
      .execute(db);
  },
};
