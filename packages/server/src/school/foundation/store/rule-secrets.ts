/** Encrypts the secrets within stored rules of policies again, for `stored-secrets.ts`. */
import { sql } from "kysely";
import type { PolicyRule } from "../../../access/policies/access-policy.ts";
import { json } from "../../../platform/store/store.ts";
import type { Db } from "./tables.ts";

const ROWS_AT_ONCE = 50;
const ASKING = JSON.stringify([{ kind: "back-end" }]);

export type RuleSecretChanges = { readonly encrypted: number; readonly unreadable: number };

/**
 * @param prefix of what needs no change; @param again a stored secret, encrypted again; null: it cannot be decrypted
 */
export async function reencryptRules(
  db: Db,
  prefix: string,
  again: (policyId: string, stored: string) => string | null,
): Promise<RuleSecretChanges> {
  let [encrypted, unreadable] = [0, 0];
  for (let after = ""; ; ) {
    const rows = await db
      .selectFrom("policies")
      .select(["id", "rules"])
      .where("id", ">", after)
      .where(sql<boolean>`rules @> ${ASKING}::jsonb`)
      .orderBy("id")
      .limit(ROWS_AT_ONCE)
      .execute();
    for (const { id, rules } of rows) {
      const changed = rules.map((rule): PolicyRule => {
        if (rule.kind !== "back-end" || rule.secret === "" || rule.secret.startsWith(prefix)) return rule;
        const secret = again(id, rule.secret);
        if (secret === null) unreadable++;
        return secret === null ? rule : { ...rule, secret };
      });
      const count = changed.filter((rule, i) => rule !== rules[i]).length;
      if (count === 0) continue;
      // A policy that changes meanwhile is left to who changes it.
      const { numUpdatedRows } = await db
        .updateTable("policies")
        .set({ rules: json<readonly PolicyRule[]>(changed) })
        .where("id", "=", id)
        .where(sql<boolean>`rules = ${JSON.stringify(rules)}::jsonb`)
        .executeTakeFirst();
      if (numUpdatedRows > 0n) encrypted += count;
    }
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_AT_ONCE) return { encrypted, unreadable };
    after = last.id;
  }
}
