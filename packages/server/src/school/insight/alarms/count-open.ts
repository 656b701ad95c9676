/** Counts open alarms by severity. */
import { SEVERITIES, type Severity } from "../../foundation/store/alarm-codes.ts";
import type { Alarm } from "../../foundation/store/alarm-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";

/** The alarms that are open in the database. */
export async function openAlarms(db: Database): Promise<Pick<Alarm, "source" | "severity">[]> {
  return await db.selectFrom("alarms").select(["source", "severity"]).where("cleared_at", "is", null).execute();
}

export function countSeverities(severities: readonly Severity[]): Readonly<Record<Severity, number>> {
  const counts: Record<Severity, number> = { info: 0, warning: 0, critical: 0 };
  for (const severity of SEVERITIES) counts[severity] = severities.filter((one) => one === severity).length;
  return counts;
}
