/** Names the database that a process uses, so that control nodes notice when they do not share one. */
import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { MIGRATION_TABLE } from "./store.ts";

const LENGTH = 16;

/** The same for all processes that use this database of a PostgreSQL server: when its first tables were made, and its name. */
export async function databaseIdentity<Tables>(db: Kysely<Tables>): Promise<string> {
  const query = sql<{ first: string; name: string }>`
    select min(timestamp) as first, current_database() as name from ${sql.table(MIGRATION_TABLE)}`;
  const { rows } = await query.execute(db);
  const [row] = rows;
  return createHash("sha256").update(`${row?.first} ${row?.name}`).digest("base64url").slice(0, LENGTH);
}
