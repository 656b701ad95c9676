/** Adds the challenges that were solved, so that each counts once. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table solved_challenges (
    id text primary key,
    expires_at timestamptz not null
  )`,
  "create index solved_challenges_by_expiry on solved_challenges (expires_at)",
];

export const solvedChallenges: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
