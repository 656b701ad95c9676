/** Computes how many bytes a school's recordings take, and whether they reach its quota. Recordings in the bin count. */
import type { Db } from "../store/tables.ts";

export async function usedBytes(db: Db, schoolId: string): Promise<number> {
  const { bytes } = await db
    .selectFrom("recordings")
    .select(({ fn }) => fn.sum("bytes").as("bytes"))
    .where("school_id", "=", schoolId)
    .executeTakeFirstOrThrow();
  return Number(bytes ?? 0);
}

/** @param quotaBytes 0: no quota */
export async function isOverQuota(db: Db, schoolId: string, quotaBytes: number): Promise<boolean> {
  return quotaBytes > 0 && (await usedBytes(db, schoolId)) >= quotaBytes;
}
