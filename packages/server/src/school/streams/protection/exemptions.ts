/** Reads and deletes exemptions: addresses that no measure of the service's protection is taken against. */
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import type { Exemption } from "../../../access/protection/protection-messages.ts";
import { LIST_PREFIX } from "../../foundation/requests/network.ts";
import type { ExemptionRow } from "../../foundation/store/protection-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** All of the installation: there are few. */
export async function readExemptions(db: Db): Promise<Exemption[]> {
  const rows = await db.selectFrom("exemptions").selectAll().orderBy("id").execute();
  return rows.map(toExemption);
}

/** Null: there is no such exemption. */
export async function readExemption(db: Db, id: string): Promise<Exemption | null> {
  const row = await db.selectFrom("exemptions").selectAll().where("id", "=", id).executeTakeFirst();
  return row ? toExemption(row) : null;
}

/** Whether an exemption names the list of addresses. */
export async function isListExempt(db: Db, listId: string): Promise<boolean> {
  const named = db.selectFrom("exemptions").select("id").where("network", "=", `${LIST_PREFIX}${listId}`);
  return (await named.executeTakeFirst()) !== undefined;
}

/** Deletes exemptions that have ended; nodes forget them. @param now milliseconds since 1970 */
export async function sweepExemptions(db: Db, notices: PolicyNotices, now: number): Promise<void> {
  const ended = await db.deleteFrom("exemptions").where("until", "<", new Date(now)).returning("id").execute();
  for (const { id } of ended) notices.policyChanged({ part: "exemption", id });
}

function toExemption({ id, network, until }: ExemptionRow): Exemption {
  return { id, network, until: until?.getTime() ?? null };
}
