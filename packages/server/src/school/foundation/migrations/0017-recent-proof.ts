/**
 * Notes in sessions when the person last proved who they are, and gives identities an id and their provider. Older nodes write neither the
 * time, which is then that of sign-in, nor the provider, which is then found by its issuer.
 */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table sessions add column proven_at timestamptz",
  `alter table identities
    add column id text not null default substr(replace(gen_random_uuid()::text, '-', ''), 1, 26),
    add column provider_id text`,
  "create unique index identities_id on identities (id)",
];

export const recentProof: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
