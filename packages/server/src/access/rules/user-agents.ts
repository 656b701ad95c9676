/** Refuses programs that a policy denies, or does not allow, by what they call themselves. */
import { Refusal } from "../../platform/refusal.ts";
import { letsThrough, policyRule } from "./policy-rule.ts";
import { ruleText } from "./rule-texts.ts";

export const userAgents = policyRule("user-agents", (rule, { client: { userAgent } }) => {
  const agent = (userAgent ?? "").toLowerCase();
  const isAllowed = agent === "" ? rule.empty === "allow" : letsThrough(rule, (pattern) => matches(agent, pattern.toLowerCase()));
  return isAllowed ? null : new Refusal("refused-by-rule", ruleText("user-agent")).because(userAgent);
});

/** Whether a text contains the parts of a pattern between its `*` in their order. Linear, whatever the pattern. */
export function matches(text: string, pattern: string): boolean {
  let from = 0;
  for (const part of pattern.split("*")) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}
