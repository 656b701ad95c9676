/** Writes the audit log: who changed what, from where, and the values before and after. Secrets are replaced. */
import type { Insertable, Transaction } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import type { AuditTable } from "./audit-tables.ts";
import { SYSTEM } from "./requester.ts";
import type { Tables } from "./tables.ts";

export type AuditEntry = {
  /** Object and verb: `lesson.create`. */
  readonly action: string;
  readonly schoolId: string | null;
  readonly targetKind: string;
  readonly targetId: string;
  readonly before?: Readonly<Record<string, unknown>> | null;
  readonly after?: Readonly<Record<string, unknown>> | null;
};

/** Columns whose values never reach the audit log, in any table. */
const SECRET_COLUMN = /hash|secret|publish_key|token|password/i;

export async function writeAudit(trx: Transaction<Tables>, actor: Actor, entry: AuditEntry): Promise<void> {
  await trx.insertInto("audit").values(auditRow(actor, entry)).execute();
}

export function auditRow(actor: Actor, entry: AuditEntry): Insertable<AuditTable> {
  const { before = null, after = null } = entry;
  return {
    id: newId(),
    school_id: entry.schoolId,
    actor_kind: actor === SYSTEM.actor ? "system" : actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    ip: actor.ip,
    action: entry.action,
    target_kind: entry.targetKind,
    target_id: entry.targetId,
    before: before && json(redactSecrets(before)),
    after: after && json(redactSecrets(after)),
  };
}

/** A row with the values of secret columns replaced. A null stays null, so that the log shows whether a secret was set. */
export function redactSecrets(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, SECRET_COLUMN.test(column) && value !== null ? "(secret)" : value]),
  );
}
