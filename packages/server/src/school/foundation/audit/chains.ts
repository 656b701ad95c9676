/** Names the chains of checkpoints, one for each school and one for what concerns none, and reads the entries under a checkpoint. */
import type { AuditRow, Db } from "../store/tables.ts";

/** The chain of what concerns no school. */
const PLATFORM = "";

/** @param schoolId null: the platform */
export function chainOf(schoolId: string | null): string {
  return schoolId ?? PLATFORM;
}

/** Null: it is the platform's. */
export function schoolOf(chain: string): string | null {
  return chain === PLATFORM ? null : chain;
}

/** In the order of their ids. @param schoolId null: the platform */
export async function entriesOf(db: Db, schoolId: string | null, checkpoint: number): Promise<AuditRow[]> {
  const entries = db.selectFrom("audit").selectAll().where("checkpoint", "=", checkpoint).orderBy("id");
  return await entries.where("school_id", schoolId === null ? "is" : "=", schoolId).execute();
}
