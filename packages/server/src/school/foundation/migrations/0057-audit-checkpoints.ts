/** Adds the checkpoints of the audit log. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table audit add column checkpoint integer, add column salt text, add column digest text, add column redacted_at timestamptz",
  "create index audit_by_checkpoint on audit (school_id, checkpoint)",
  "create index audit_without_checkpoint on audit (school_id, id) where checkpoint is null",
  `create table audit_checkpoints (
    school_id text not null,
    number integer not null,
    entries integer not null,
    newest_at timestamptz not null,
    previous text not null,
    digest text not null,
    signature text not null,
    public_key text not null,
    created_at timestamptz not null default now(),
    expired_at timestamptz,
    primary key (school_id, number)
  )`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
