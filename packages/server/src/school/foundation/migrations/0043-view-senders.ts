/** Remembers which batches of viewers' figures are counted, also over a restart, and makes room for sums of many. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "create table view_senders (id text primary key, latest bigint not null, at timestamptz not null)",
  "create index view_senders_by_time on view_senders (at)",
  ...["view_sessions", "view_minutes"].map(
    (table) =>
      `alter table ${table} ${["stalls", "switches", "reconnects", "errors"].map((column) => `alter column ${column} type bigint`).join(", ")}`,
  ),
];

export const viewSenders: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
