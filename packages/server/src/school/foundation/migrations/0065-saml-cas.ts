/** Adds providers of single sign-on by SAML 2.0 and CAS 3.0 beside those of OpenID Connect. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `alter table providers
    add column kind text not null default 'oidc' check (kind in ('oidc', 'saml', 'cas')),
    add column claim_names jsonb not null default '{}',
    add column saml jsonb check ((kind = 'saml') = (saml is not null)),
    add column public_origin text not null default ''`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
