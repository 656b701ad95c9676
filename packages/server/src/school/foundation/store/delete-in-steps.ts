/** Deletes many rows in statements that each take a moment, so that other work on the database goes on between them. */
import { type RawBuilder, sql } from "kysely";
import type { Database, Tables } from "./tables.ts";

/** Rows that one statement deletes. */
const DELETED_AT_ONCE = 5000;

/** @param condition which rows; it should have an index */
export async function deleteInSteps(db: Database, table: keyof Tables, condition: RawBuilder<unknown>): Promise<void> {
  for (;;) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ctid = any (array(
        select ctid from ${sql.table(table)} where ${condition} limit ${DELETED_AT_ONCE}
      ))`.execute(db);
    if ((numAffectedRows ?? 0n) < BigInt(DELETED_AT_ONCE)) return;
  }
}
