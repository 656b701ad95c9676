/** Refuses addresses that a policy denies, or does not allow. Lists that are not there allow nobody, and deny nobody. */
import { Refusal } from "../../platform/refusal.ts";
import type { AddressRanges } from "../lists/address-ranges.ts";
import { fewAddresses } from "../lists/few-addresses.ts";
import { policyRule } from "./policy-rule.ts";
import { ruleText } from "./rule-texts.ts";

/** How an entry of a rule names a list of addresses. */
const LIST = "list:";

/** The networks of rules, by their entries: a rule is the same object until its policy changes. */
const sets = new WeakMap<readonly string[], AddressRanges>();

export const addresses = policyRule("addresses", (rule, { client: { ip }, addresses: { isListed } }) => {
  const has = (entries: readonly string[]): boolean =>
    networksOf(entries).has(ip) ||
    entries.some((entry) => entry.startsWith(LIST) && isListed(entry.slice(LIST.length), ip) === true);
  const isAllowed = !has(rule.deny) && (rule.allow.length === 0 || has(rule.allow));
  return isAllowed ? null : new Refusal("refused-by-rule", ruleText("address"));
});

function networksOf(entries: readonly string[]): AddressRanges {
  const known = sets.get(entries);
  if (known) return known;
  const set = fewAddresses(entries.filter((entry) => !entry.startsWith(LIST)));
  sets.set(entries, set);
  return set;
}
