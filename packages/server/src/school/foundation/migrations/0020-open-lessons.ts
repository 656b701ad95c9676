/** Finds the lessons that a school's students see without a course or an invitation. */
import { type Kysely, type Migration, sql } from "kysely";

export const openLessons: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql.raw("create index lessons_open on lessons (school_id, id) where open_to_school and course_id is null").execute(db);
  },
};
