/** Adds the claim by which single sign-on and a directory make one account of a person, and what of an account a provider alone has said. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table providers add column external_id_claim text not null default ''",
  `alter table users
    add column login_asserted boolean not null default false,
    add column external_id_asserted boolean not null default false`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
