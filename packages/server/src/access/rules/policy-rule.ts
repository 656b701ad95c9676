/** Makes access rules of the kinds of policy rules: each looks at the rules of its kind that hold, the farthest first. */
import { Refusal } from "../../platform/refusal.ts";
import { type EffectiveRule, nameOfTarget, type PolicyRule, type RuleKind } from "../policies/access-policy.ts";
import type { AccessRule, AccessSubject } from "./rule.ts";

type RuleOf<K extends RuleKind> = Extract<PolicyRule, { kind: K }>;

/** @param refuse what one rule says of a request: null where it has no objection */
export function policyRule<K extends RuleKind>(
  kind: K,
  refuse: (rule: RuleOf<K>, subject: AccessSubject) => Refusal | null,
): AccessRule {
  const refusalOf = ({ rule, source }: EffectiveRule, subject: AccessSubject): Refusal | null =>
    rule.kind === kind ? (refuse(rule as RuleOf<K>, subject)?.by(kind, nameOfTarget(source)) ?? null) : null;
  return {
    name: kind,
    applies: (subject) => rulesOf(subject).some(({ rule }) => rule.kind === kind),
    decide: (subject) => {
      for (const one of rulesOf(subject)) {
        const refusal = refusalOf(one, subject);
        if (refusal && one.rule.mode === "enforce") return refusal;
        if (refusal) subject.onDryRun(one, refusal);
      }
      return "pass";
    },
    each: (subject) =>
      rulesOf(subject)
        .filter(({ rule }) => rule.kind === kind)
        .map((of) => ({ of, decision: refusalOf(of, subject) ?? "pass" })),
  };
}

function rulesOf({ rules }: AccessSubject): readonly EffectiveRule[] {
  return rules instanceof Refusal ? [] : rules;
}

/** Whether a list of allowed and denied things lets something through: nothing denied, and something allowed, unless all is. */
export function letsThrough(
  { allow, deny }: { readonly allow: readonly string[]; readonly deny: readonly string[] },
  has: (entry: string) => boolean,
): boolean {
  return !deny.some(has) && (allow.length === 0 || allow.some(has));
}
