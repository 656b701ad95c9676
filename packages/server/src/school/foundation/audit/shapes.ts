/** What the API returns about audit entries. */
import { z } from "zod";
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
