/** Defines what the API returns about audit entries. */
import { z } from "zod";
import { AUDIT_PROBLEMS } from "../../../contracts/audit/audit-verification.ts";
import { id, time } from "../requests/fields.ts";
import type { AuditRow } from "../store/tables.ts";

export const auditShape = z
  .object({
    id,
    schoolId: id.nullable(),
    at: time,
    actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
    ip: z.string(),
    action: z.string(),
    target: z.object({ kind: z.string(), id: z.string() }),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: "AuditEntry" });

export function auditResponse(row: AuditRow) {
  return {
    id: row.id,
    schoolId: row.school_id,
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    ip: row.ip,
    action: row.action,
    target: { kind: row.target_kind, id: row.target_id },
    before: row.before,
    after: row.after,
  };
}

export const verificationShape = z
  .object({
    checkpoints: z.int(),
    entries: z.int(),
    redacted: z.int().describe("Entries without names, because the person was erased: what they named cannot be verified."),
    expired: z.int().describe("Checkpoints whose entries were deleted when the school's time for them was over."),
    problems: z.array(z.object({ problem: z.enum(AUDIT_PROBLEMS), checkpoint: z.int(), entryId: id.nullable() })),
    keys: z.array(z.string()).describe("Names of the keys that have signed."),
    head: z
      .object({ number: z.int(), digest: z.string() })
      .nullable()
      .describe(
        "The newest checkpoint that was verified. Keep it elsewhere: a later answer that does not lead to it shows that checkpoints are gone.",
      ),
    heldSince: time.nullable().describe("When the oldest entry was written that is still there."),
    next: z.int().nullable().describe("Ask with it as `after` for the following checkpoints; null: all were verified."),
  })
  .meta({ id: "AuditVerification" });
