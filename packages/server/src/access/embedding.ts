/**
 * Determines which pages of others may frame the page of a stream: those that the stream's rules about pages allow. Requests for media come from the
 * framed page, which is this server's own, so the rules would let them in from every frame.
 */
import type { EffectiveRule, RefererRule } from "./policies/access-policy.ts";
import { isAllowedPage, isCovered } from "./rules/referers.ts";

export type Embedding = {
  /** Sources of `frame-ancestors` (CSP 3, section 6.4.2.1) besides this server; null: all pages. */
  readonly frames: readonly string[] | null;
  /** Whether a page may lead to the stream's page. */
  readonly isAllowedFrom: (referer: string, host: string | null) => boolean;
};

export const EMBEDDED_BY_ALL: Embedding = { frames: null, isAllowedFrom: () => true };
/** While it is not known which pages may. */
export const EMBEDDED_BY_NONE: Embedding = { frames: [], isAllowedFrom: () => true };

export function embeddingOf(rules: readonly EffectiveRule[]): Embedding {
  const enforced = rules.flatMap(({ rule }) => (rule.kind === "referers" && rule.mode === "enforce" ? [rule] : []));
  if (enforced.length === 0) return EMBEDDED_BY_ALL;
  return {
    frames: framesOf(enforced),
    isAllowedFrom: (referer, host) => enforced.every((rule) => isAllowedPage(rule, referer, host)),
  };
}

/** The domains that every list of allowed ones has, and no list of denied ones. A source cannot say that something is denied. */
function framesOf(rules: readonly RefererRule[]): readonly string[] | null {
  const lists = rules.flatMap(({ allow }) => (allow.length > 0 ? [allow] : []));
  if (lists.length === 0) return null;
  const denied = rules.flatMap(({ deny }) => deny);
  const allowed = lists.flat().filter((domain) => lists.every((list) => isCovered(domain, list)) && !isCovered(domain, denied));
  return [...new Set(allowed)].flatMap((domain) => [`http://${domain}:*`, `https://${domain}:*`]);
}
