/** Checks the lists of addresses and the link keys that the rules of a policy name. */
import type { PolicyRule } from "../../../access/policies/access-policy.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { LIST_PREFIX } from "../../foundation/requests/network.ts";
import type { Db } from "../../foundation/store/tables.ts";

export type ReferenceUser = {
  /** Of the policy. */
  readonly schoolId: string | null;
  readonly isOperator: boolean;
  /** The rules before the change: what they name may stay. */
  readonly before: readonly PolicyRule[];
};

/** What a rule names, and where in the body it does. */
type Reference = { readonly table: "address_lists" | "link_keys"; readonly id: string; readonly path: string };

/**
 * A policy of a school may name what is the school's, and where an operator sets it, what is the operator's. Keeps it from being deleted until the
 * end of the transaction.
 * @throws RefusalError bad-request, with the field
 */
export async function checkReferences(db: Db, rules: readonly PolicyRule[], user: ReferenceUser): Promise<void> {
  const named = referencesOf(rules);
  const known = referencesOf(user.before);
  for (const table of ["address_lists", "link_keys"] as const) {
    const ofTable = named.filter((one) => one.table === table);
    if (ofTable.length === 0) continue;
    const ids = [...new Set(ofTable.map(({ id }) => id))];
    const found = db.selectFrom(table).select(["id", "school_id"]).where("id", "in", ids).orderBy("id").forKeyShare();
    const mayName = (id: string, schoolId: string | null): boolean =>
      (schoolId === null ? user.isOperator : schoolId === user.schoolId) ||
      known.some((one) => one.table === table && one.id === id);
    const usable = new Set((await found.execute()).filter((row) => mayName(row.id, row.school_id)).map(({ id }) => id));
    const wrong = ofTable.find(({ id }) => !usable.has(id));
    if (wrong) throw unknownReference(wrong);
  }
}

function referencesOf(rules: readonly PolicyRule[]): readonly Reference[] {
  return rules.flatMap((rule, i): readonly Reference[] => {
    if (rule.kind === "links") return rule.keys.map((id, k) => ({ table: "link_keys", id, path: `rules.${i}.keys.${k}` }));
    if (rule.kind !== "addresses") return [];
    return (["allow", "deny"] as const).flatMap((field) =>
      rule[field].flatMap((entry, k): readonly Reference[] => {
        if (!entry.startsWith(LIST_PREFIX)) return [];
        return [{ table: "address_lists", id: entry.slice(LIST_PREFIX.length), path: `rules.${i}.${field}.${k}` }];
      }),
    );
  });
}

function unknownReference({ table, path: field }: Reference): RefusalError {
  const mistake = policyText(table === "link_keys" ? "unknown-key" : "unknown-list");
  const message = platformText("field-mistake", { where: platformText("in-body"), field, mistake });
  return new RefusalError("bad-request", message, [{ path: field, message: mistake }]);
}
