/** Reads those rules of policies that the API's answers depend on: whether a lesson is encrypted, and what is shown over the picture. */
import { sql } from "kysely";
import { effectiveRules, type PolicyRule } from "../../access/policies/access-policy.ts";
import { type Belonging, targetsOf } from "../../access/policies/policy-store.ts";
import type { Db, Lesson } from "../foundation/store/tables.ts";

export type ShownRule = Extract<PolicyRule, { readonly kind: "watermark" | "encryption" }>;

/** Those that hold and are enforced, the farthest first. Reads no others: lists of addresses can be long, and every person who joins waits for this. */
export async function shownRules(db: Db, of: Belonging): Promise<readonly ShownRule[]> {
  const targets = targetsOf(of);
  const rows = await db
    .selectFrom("policies")
    .select(["level", "target_id"])
    .select(
      sql<readonly ShownRule[]>`jsonb_path_query_array(rules, '$[*] ? (@.kind == "watermark" || @.kind == "encryption")')`.as(
        "rules",
      ),
    )
    .where(({ eb, or, and }) => or(targets.map(({ level, id }) => and([eb("level", "=", level), eb("target_id", "=", id)]))))
    .execute();
  const policies = targets.flatMap((target) => {
    const row = rows.find(({ level, target_id: id }) => level === target.level && id === target.id);
    return row ? [{ target, rules: row.rules }] : [];
  });
  return effectiveRules(policies).flatMap(({ rule }) =>
    isShown(rule) && rule.for === "play" && rule.mode === "enforce" ? [rule] : [],
  );
}

export function shownRulesOfLesson(
  db: Db,
  { id: lessonId, school_id: schoolId, course_id: courseId }: Lesson,
): Promise<readonly ShownRule[]> {
  return shownRules(db, { schoolId, courseId, lessonId });
}

/** Whether a lesson with these rules can be watched by HLS only. */
export function isEncrypted(rules: readonly ShownRule[]): boolean {
  return rules.some(({ kind }) => kind === "encryption");
}

function isShown(rule: PolicyRule): rule is ShownRule {
  return rule.kind === "watermark" || rule.kind === "encryption";
}
