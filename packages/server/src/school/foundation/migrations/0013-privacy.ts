/** Adds what data protection needs: erased people, retention of the audit log and of names, the consent of guests, and schools being deleted. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `alter table schools
    add column guest_consent text not null default '',
    add column keep_audit_days integer not null default 0,
    add column keep_names_days integer not null default 0,
    add column deleting_since timestamptz`,
  "alter table users add column erased_at timestamptz",
  "alter table participants add column consented_at timestamptz, add column erased_at timestamptz",
  "create index participants_with_names on participants (seen_at) where erased_at is null",
  "create index audit_by_actor on audit (actor_id)",
  "create index audit_by_target on audit (target_id)",
  "create index audit_by_time on audit (school_id, at)",
];

export const privacy: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
