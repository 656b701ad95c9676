/** Reads stored policies for the media workers. */
import type { Policy, PolicyTarget } from "../../access/policies/access-policy.ts";
import type { PolicyRow } from "../store/policy-tables.ts";
import type { Db } from "../store/tables.ts";

/** Read at once, which takes a few milliseconds; at least one policy. */
const BYTES_AT_ONCE = 256 * 1024;
const ROWS_AT_ONCE = 1000;

/** All policies. Each change after the call has a notice. */
export async function readPolicies(db: Db): Promise<Policy[]> {
  const sizes = await db.selectFrom("policies").select(["id", "bytes"]).orderBy("id").execute();
  const all: Policy[] = [];
  for (let from = 0; from < sizes.length; ) {
    const ids = fitting(sizes.slice(from, from + ROWS_AT_ONCE), BYTES_AT_ONCE);
    from += ids.length;
    const rows = await db.selectFrom("policies").selectAll().where("id", "in", ids).orderBy("id").execute();
    all.push(...rows.map(policyOf));
  }
  return all;
}

/** Null where the target has none, or is gone. */
export async function readPolicy(db: Db, { level, id }: PolicyTarget): Promise<Policy | null> {
  const row = await db.selectFrom("policies").selectAll().where("level", "=", level).where("target_id", "=", id).executeTakeFirst();
  return row ? policyOf(row) : null;
}

/** The ids of the first policies that have so many bytes together; at least one. */
export function fitting(sizes: readonly { readonly id: string; readonly bytes: number }[], maxBytes: number): string[] {
  let left = maxBytes;
  const ids: string[] = [];
  for (const { id, bytes } of sizes) {
    left -= bytes;
    if (left < 0 && ids.length > 0) break;
    ids.push(id);
  }
  return ids;
}

function policyOf({ level, target_id: id, rules }: PolicyRow): Policy {
  return { target: { level, id }, rules };
}
