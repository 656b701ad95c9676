/** Reads and deletes what operators have turned off, as processes know it. */
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import type { DegradationSwitch } from "../../../contracts/degradation/degradation.ts";
import type { DegradationRow } from "../../foundation/store/protection-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** All of the installation: there are few. */
export async function readDegradations(db: Db): Promise<DegradationSwitch[]> {
  const rows = await db.selectFrom("degradations").selectAll().orderBy("id").execute();
  return rows.map(toSwitch);
}

/** Null: there is no such switch. */
export async function readDegradation(db: Db, id: string): Promise<DegradationSwitch | null> {
  const row = await db.selectFrom("degradations").selectAll().where("id", "=", id).executeTakeFirst();
  return row ? toSwitch(row) : null;
}

/** Deletes what has ended; nodes forget it by themselves. @param now milliseconds since 1970 */
export async function sweepDegradations(db: Db, notices: PolicyNotices, now: number): Promise<void> {
  const ended = await db.deleteFrom("degradations").where("until", "<", new Date(now)).returning("id").execute();
  for (const { id } of ended) notices.policyChanged({ part: "degradation", id });
}

function toSwitch({ id, what, school_id, lesson_id, until }: DegradationRow): DegradationSwitch {
  return { id, what, schoolId: school_id, lessonId: lesson_id, until: until?.getTime() ?? null };
}
