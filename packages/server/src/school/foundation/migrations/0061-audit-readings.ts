/** Adds to the audit log what its readings, its deletion and its export need. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "create index audit_readings on audit (school_id, id) where action like 'read.%'",
  "create index audit_changes on audit (school_id, id) where action not like 'read.%'",
  "alter table audit_checkpoints add column expiry_signature text, add column expiry_key text, add column exported_at timestamptz",
  "create index audit_checkpoints_to_export on audit_checkpoints (newest_at) where exported_at is null and expired_at is null",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
