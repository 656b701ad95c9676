/** Puts the rules of kind `viewers` that hold together into limits, and says which rule decides. */
import type { EffectiveRule, ViewersRule } from "../policies/access-policy.ts";
import type { SeatLimits } from "./seat-messages.ts";

export type ViewersRuleOf = { readonly rule: ViewersRule; readonly of: EffectiveRule };

export const NO_LIMITS: SeatLimits = { most: null, perViewer: null, over: "refuse-newest" };

/** The rules of kind `viewers` for watching, the farthest first. */
export function viewersRules(rules: readonly EffectiveRule[]): readonly ViewersRuleOf[] {
  return rules.flatMap((of) => (of.rule.kind === "viewers" && of.rule.for === "play" ? [{ rule: of.rule, of }] : []));
}

/** The limits of all rules of one mode: the lowest of each. */
export function limitsOf(rules: readonly ViewersRuleOf[], mode: ViewersRule["mode"]): SeatLimits {
  const own = rules.filter(({ rule }) => rule.mode === mode);
  const decisive = lowest(own, "perViewer");
  return {
    most: lowest(own, "most")?.rule.most ?? null,
    perViewer: decisive?.rule.perViewer ?? null,
    over: decisive?.rule.over ?? "refuse-newest",
  };
}

/** The rule that denies a seat: the one with the lowest limit. */
export function denyingRule(
  rules: readonly ViewersRuleOf[],
  mode: ViewersRule["mode"],
  limit: "most" | "perViewer",
): EffectiveRule | null {
  return (
    lowest(
      rules.filter(({ rule }) => rule.mode === mode),
      limit,
    )?.of ?? null
  );
}

export function isLimited({ most, perViewer }: SeatLimits): boolean {
  return most !== null || perViewer !== null;
}

function lowest(rules: readonly ViewersRuleOf[], limit: "most" | "perViewer"): ViewersRuleOf | null {
  let found: ViewersRuleOf | null = null;
  for (const one of rules) {
    const [value, known] = [one.rule[limit], found?.rule[limit] ?? Number.POSITIVE_INFINITY];
    if (value !== null && value < known) found = one;
  }
  return found;
}
