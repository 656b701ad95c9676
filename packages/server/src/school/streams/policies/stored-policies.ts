/** Reads stored policies for the media workers. */
import type { Policy, PolicyTarget } from "../../../access/policies/access-policy.ts";
import type { PolicyRow } from "../../foundation/store/policy-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { countSecrets, openedRules } from "./back-end-secrets.ts";

/** Read at once, which takes a few milliseconds; at least one policy. */
const BYTES_AT_ONCE = 256 * 1024;
const ROWS_AT_ONCE = 1000;
/** Decrypted at once, which takes less than a millisecond. */
const SECRETS_AT_ONCE = 50;

/** All policies, with the secrets of their rules. Each change after the call has a notice. */
export async function readPolicies(db: Db, secrets: StoredSecrets): Promise<Policy[]> {
  let decrypted = 0;
  const sizes = await db.selectFrom("policies").select(["id", "bytes"]).orderBy("id").execute();
  const all: Policy[] = [];
  for (let from = 0; from < sizes.length; ) {
    const ids = fitting(sizes.slice(from, from + ROWS_AT_ONCE), BYTES_AT_ONCE);
    from += ids.length;
    const rows = await db.selectFrom("policies").selectAll().where("id", "in", ids).orderBy("id").execute();
    for (const row of rows) {
      all.push(policyOf(row, secrets));
      decrypted += countSecrets(row.rules);
      if (decrypted < SECRETS_AT_ONCE) continue;
      decrypted = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return all;
}

/** With the secrets of its rules. Null where the target has none, or is gone. */
export async function readPolicy(db: Db, secrets: StoredSecrets, { level, id }: PolicyTarget): Promise<Policy | null> {
  const row = await db.selectFrom("policies").selectAll().where("level", "=", level).where("target_id", "=", id).executeTakeFirst();
  return row ? policyOf(row, secrets) : null;
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

function policyOf({ id, level, target_id: targetId, rules }: PolicyRow, secrets: StoredSecrets): Policy {
  const opened = openedRules(rules, (stored) => secrets.decrypt("policies", id, stored));
  return { target: { level, id: targetId }, rules: opened };
}
