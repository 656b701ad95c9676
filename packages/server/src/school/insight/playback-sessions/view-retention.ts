/** Deletes what viewers told long ago: what a session told every ten seconds first, then the session and the figures of minutes. */
import { sql } from "kysely";
import { deleteInSteps } from "../../foundation/store/delete-in-steps.ts";
import type { Database } from "../../foundation/store/tables.ts";

const DAY_MS = 86_400_000;
/** "Why" needs what was measured by the minute, which is kept for so long as well. */
const KEEP_MOMENTS_MS = 30 * DAY_MS;
/** A school year, and a month to look back at it. */
const KEEP_MS = 400 * DAY_MS;
/** A server that was off for longer keeps the moments of the sessions before. */
const MISSED_MS = 60 * DAY_MS;
const EMPTIED_AT_ONCE = 1000;

/** @param now milliseconds since 1970 */
export async function sweepPlaybackSessions(db: Database, now: number): Promise<void> {
  await emptyMoments(db, now);
  const before = new Date(now - KEEP_MS);
  await deleteInSteps(db, "view_sessions", sql`started_at < ${before}`);
  await deleteInSteps(db, "view_minutes", sql`minute < ${before}`);
  await deleteInSteps(db, "view_complaints", sql`at < ${before}`);
}

async function emptyMoments(db: Database, now: number): Promise<void> {
  const [from, to] = [new Date(now - KEEP_MOMENTS_MS - MISSED_MS), new Date(now - KEEP_MOMENTS_MS)];
  for (;;) {
    const { numAffectedRows } = await sql`
      update view_sessions set moments = '[]' where id = any (array(
        select id from view_sessions where started_at >= ${from} and started_at < ${to} and moments <> '[]' limit ${EMPTIED_AT_ONCE}
      ))`.execute(db);
    if ((numAffectedRows ?? 0n) < BigInt(EMPTIED_AT_ONCE)) return;
  }
}
