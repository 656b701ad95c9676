/** Stores what media workers refuse, and reads it for reports: counts by the minute for 30 days, single requests for seven days. */
import { sql } from "kysely";
import type { RefusalReport } from "../../../access/policies/refusal-report.ts";
import { newId } from "../../../platform/id.ts";
import type { Db } from "../../foundation/store/tables.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;
const KEEP = { countsMs: 30 * DAY_MS, requestsMs: 7 * DAY_MS } as const;
/** Of all schools together: the oldest are deleted first. */
const MAX_REQUESTS = 100_000;

export async function storeRefusals(db: Db, { at, counts, requests }: RefusalReport): Promise<void> {
  const minute = new Date(Math.floor(at / MINUTE_MS) * MINUTE_MS);
  const schools = await existing(db, [...new Set(counts.flatMap(({ schoolId }) => schoolId ?? []))]);
  const known = (schoolId: string | null) => (schoolId !== null && schools.has(schoolId) ? schoolId : null);
  for (const { schoolId, code, rule, source, dryRun, count } of counts)
    await sql`
      insert into refusal_counts (minute, school_id, code, rule, source, dry_run, count)
      values (${minute}, ${known(schoolId)}, ${code}, ${rule}, ${source}, ${dryRun}, ${count})
      on conflict on constraint refusal_counts_kind do update set count = refusal_counts.count + excluded.count`.execute(db);
  if (requests.length === 0) return;
  const rows = requests.map(({ schoolId, dryRun, at: when, publisher: _publisher, ...rest }) => ({
    id: newId(),
    ...rest,
    school_id: known(schoolId),
    dry_run: dryRun,
    at: new Date(when),
  }));
  await db.insertInto("refused_requests").values(rows).execute();
}

/** A school may have been deleted meanwhile. */
async function existing(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom("schools").select("id").where("id", "in", ids).execute();
  return new Set(rows.map(({ id }) => id));
}

/** @param now milliseconds since 1970 */
export async function sweepRefusals(db: Db, now: number): Promise<void> {
  await db
    .deleteFrom("refusal_counts")
    .where("minute", "<", new Date(now - KEEP.countsMs))
    .execute();
  await db
    .deleteFrom("refused_requests")
    .where("at", "<", new Date(now - KEEP.requestsMs))
    .execute();
  await sql`delete from refused_requests where id <= (select id from refused_requests order by id desc offset ${MAX_REQUESTS} limit 1)`.execute(
    db,
  );
}
