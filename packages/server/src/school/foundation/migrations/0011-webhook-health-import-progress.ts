/** Adds the health of webhooks, and what an import needs to continue after a restart. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `alter table webhooks
    add column failures integer not null default 0,
    add column paused_until timestamptz,
    add column last_delivered_at timestamptz`,
  "create index deliveries_due_by_webhook on deliveries (webhook_id, next_at) where state = 'pending'",
  `alter table imports
    add column source text,
    add column requested_by jsonb,
    add column rows_added integer not null default 0`,
  "create index imports_running on imports (created_at) where state = 'running'",
];

export const webhookHealthImportProgress: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
