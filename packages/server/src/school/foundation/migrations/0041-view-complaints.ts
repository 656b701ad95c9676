/** Adds the reports of problems that viewers send: each has a number, and names the session of the player that it is about. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table view_complaints (
    number text primary key,
    view_id text not null,
    lesson_id text not null references lessons (id) on delete cascade,
    at timestamptz not null
  )`,
  "create index view_complaints_by_view on view_complaints (view_id)",
  "create index view_complaints_by_lesson on view_complaints (lesson_id)",
];

export const viewComplaints: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
