/** Counts open alarms by severity. */
import { sql } from "kysely";
import { SEVERITIES } from "../store/alarm-codes.ts";
import type { Database } from "../store/tables.ts";

export async function countOpenAlarms(db: Database): Promise<Readonly<Record<string, number>>> {
  const rows = await db
    .selectFrom("alarms")
    .select(["severity", sql<number>`count(*)::int`.as("count")])
    .where("cleared_at", "is", null)
    .groupBy("severity")
    .execute();
  const known = new Map(rows.map(({ severity, count }) => [severity, count]));
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, known.get(severity) ?? 0]));
}
