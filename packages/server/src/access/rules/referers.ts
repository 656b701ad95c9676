/** Refuses requests from pages that a policy denies, or does not allow. This server's own pages are always allowed. */
import { Refusal } from "../../platform/refusal.ts";
import type { RefererRule } from "../policies/access-policy.ts";
import { letsThrough, policyRule } from "./policy-rule.ts";
import { ruleText } from "./rule-texts.ts";

export const referers = policyRule("referers", (rule, { purpose, client: { referer, host } }) => {
  const isNamed = referer !== null && referer !== "";
  // An admitted player's later requests may name no page, as those of a browser's own HLS player.
  const isAllowed = isNamed ? isAllowedPage(rule, referer, host) : purpose === "stay" || rule.empty === "allow";
  return isAllowed ? null : new Refusal("refused-by-rule", ruleText("referer")).because(referer);
});

/** @param host of this server; null where it is not known */
export function isAllowedPage(rule: RefererRule, referer: string, host: string | null): boolean {
  const page = domainOf(referer);
  return page !== null && (page === host || letsThrough(rule, (domain) => isOfDomain(page, domain)));
}

/** Whether a list of domains has a domain, or all of those that it stands for. */
export function isCovered(domain: string, list: readonly string[]): boolean {
  const plain = domain.replace(/^\*\./, "");
  return list.some((one) => one === domain || (one.startsWith("*.") && plain.endsWith(one.slice(1))));
}

/** The domain of a page's address; null where it has none. */
function domainOf(address: string): string | null {
  const url = URL.parse(address);
  return url && plainDomain(url.hostname);
}

/** A host in lower case, without the dot that may stand at its end. */
function plainDomain(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

/** `school.com` is itself; `*.school.com` is every domain below it. */
function isOfDomain(page: string, domain: string): boolean {
  return domain.startsWith("*.") ? page.endsWith(domain.slice(1)) : page === domain;
}
