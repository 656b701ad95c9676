/** Adds what a school's directory (SCIM) has deleted, and whether it may make administrators. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table users add column deprovisioned_at timestamptz",
  "alter table courses add column deprovisioned_at timestamptz",
  "alter table schools add column scim_administrators boolean not null default false",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
