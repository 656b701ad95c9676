/**
 * Deletes the entries of the audit log that are kept no longer: of a school by its setting, of the platform by the configuration. Only whole signed checkpoints go. They stay
 * themselves, with a signature that the server deleted their entries, so that the rest of the chain is still proven (`verification.ts`).
 */
import { LEAST_AUDIT_DAYS } from "../../../platform/config/audit-schema.ts";
import type { Database } from "../store/tables.ts";
import { chainOf } from "./chains.ts";
import { type CheckpointKey, checkpointKey } from "./checkpoint-key.ts";
import { expiryText } from "./checkpoints.ts";

const DAY_MS = 86_400_000;
export type AuditRetention = {
  readonly db: Database;
  /** Of the server: the first signs; none: nothing is deleted. */
  readonly secrets: () => readonly string[];
  /** How long entries that concern no school are kept; 0: always. */
  readonly platformDays: () => number;
};

/** @param now milliseconds since 1970 */
export async function sweepAudit({ db, secrets, platformDays }: AuditRetention, now: number): Promise<void> {
  const [secret] = secrets();
  if (secret === undefined) return;
  const key = checkpointKey(secret);
  const schools = await db.selectFrom("schools").select(["id", "keep_audit_days as days"]).execute();
  for (const { id, days } of [...schools, { id: null, days: platformDays() }])
    if (days > 0) await deleteEntries(db, key, id, now - Math.max(days, LEAST_AUDIT_DAYS) * DAY_MS);
}

async function deleteEntries(db: Database, key: CheckpointKey, schoolId: string | null, before: number): Promise<void> {
  const chain = chainOf(schoolId);
  const old = await db
    .selectFrom("audit_checkpoints")
    .select(["number", "digest"])
    .where("school_id", "=", chain)
    .where("newest_at", "<", new Date(before))
    .where("expired_at", "is", null)
    .where("signature", "!=", "")
    .orderBy("number")
    .execute();
  for (const { number, digest } of old)
    await db.transaction().execute(async (trx) => {
      const entries = trx.deleteFrom("audit").where("checkpoint", "=", number);
      await entries.where("school_id", schoolId === null ? "is" : "=", schoolId).execute();
      const expired_at = new Date();
      const signature = key.sign(expiryText({ school_id: chain, number, digest, expired_at }));
      await trx
        .updateTable("audit_checkpoints")
        .set({ expired_at, expiry_signature: signature, expiry_key: key.publicKey })
        .where("school_id", "=", chain)
        .where("number", "=", number)
        .execute();
    });
}
