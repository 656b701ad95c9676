/** Adds addresses that no measure of the service's protection is taken against. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table exemptions (
    id text primary key,
    network text not null unique,
    note text not null,
    until timestamptz,
    created_by text not null,
    created_at timestamptz not null default now()
  )`,
];

export const protection: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
