/** Refuses viewers and publishers of carriers that a policy denies, or does not allow. */
import { Refusal } from "../../platform/refusal.ts";
import { letsThrough, policyRule } from "./policy-rule.ts";
import { ruleText } from "./rule-texts.ts";

export const carriers = policyRule("carriers", (rule, { client: { ip }, addresses: { locationOf } }) => {
  const carrier = locationOf(ip)?.carrier ?? "";
  const isAllowed = carrier === "" ? rule.unknown === "allow" : letsThrough(rule, (name) => name === carrier);
  return isAllowed ? null : new Refusal("refused-by-rule", ruleText("carrier")).because(carrier || null);
});
