/** Refuses viewers and publishers of places that a policy denies, or does not allow. */
import { locationNames } from "../../platform/geoip/location-names.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { AddressLocation } from "../credentials/client-facts.ts";
import { letsThrough, policyRule } from "./policy-rule.ts";
import { ruleText } from "./rule-texts.ts";

export const regions = policyRule("regions", (rule, { client: { ip }, addresses: { locationOf } }) => {
  const location = locationOf(ip);
  const isKnown = location !== null && location.country !== "";
  const isAllowed = isKnown ? letsThrough(rule, (region) => isIn(location, region)) : rule.unknown === "allow";
  const about = isKnown ? [location.country, location.province, location.city].filter((name) => name !== "").join("/") : null;
  return isAllowed ? null : new Refusal("refused-by-rule", ruleText("region")).because(about);
});

/** Whether a location is in a region, in any form of its names: `中国`, `中国/广东`, `中国/广东省/深圳市`. */
export function isIn({ country, province, city }: AddressLocation, region: string): boolean {
  const location = [country, province, city];
  return namesOf(region).every((name, i) => location[i] === name);
}

/** There are as many regions as rules name. */
const MAX_KNOWN = 10_000;
const known = new Map<string, readonly string[]>();

function namesOf(region: string): readonly string[] {
  const before = known.get(region);
  if (before) return before;
  const written = region.split("/");
  const [country = "", province = "", city = ""] = written;
  const plain = locationNames({ country, province, city });
  const names = [plain.country, plain.province, plain.city];
  const length = names.findLastIndex((name) => name !== "") + 1;
  // A country that no table has is no location.
  const made = length === 0 ? written : names.slice(0, length);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(region, made);
  return made;
}
