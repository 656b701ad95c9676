/**
 * Runs the access rules in their order. The first rule that refuses decides; without a refusal, at least one rule must allow. A request that
 * no rule allows is refused.
 */
import { Refusal } from "../platform/refusal.ts";
import type { EffectiveRule } from "./policies/access-policy.ts";
import { addresses } from "./rules/addresses.ts";
import { backEnd } from "./rules/back-end.ts";
import { blockedAddress } from "./rules/blocked-address.ts";
import { carriers } from "./rules/carriers.ts";
import { earlierAdmission } from "./rules/earlier-admission.ts";
import { encryption } from "./rules/encryption.ts";
import { lessonLookup } from "./rules/lesson-lookup.ts";
import { lessonOpen } from "./rules/lesson-open.ts";
import { lessonPublishKey } from "./rules/lesson-publish-key.ts";
import { lessonRemoved } from "./rules/lesson-removed.ts";
import { links } from "./rules/links.ts";
import { memberPublishKey } from "./rules/member-publish-key.ts";
import { openPlayback } from "./rules/open-playback.ts";
import { policiesKnown } from "./rules/policies-known.ts";
import { publishKey } from "./rules/publish-key.ts";
import { recordingRemoved } from "./rules/recording-removed.ts";
import { referers } from "./rules/referers.ts";
import { regions } from "./rules/regions.ts";
import type { AccessRule, AccessSubject, Decision } from "./rules/rule.ts";
import { signedLink } from "./rules/signed-link.ts";
import { times } from "./rules/times.ts";
import { userAgents } from "./rules/user-agents.ts";
import { watermark } from "./rules/watermark.ts";

/**
 * The order decides which refusal a client hears: credentials first, so that a stranger learns nothing about a lesson. Back ends are last: they are asked
 * about those alone whom all others let in.
 */
export const ACCESS_RULES: readonly AccessRule[] = [
  policiesKnown,
  lessonLookup,
  lessonPublishKey,
  memberPublishKey,
  publishKey,
  signedLink,
  openPlayback,
  earlierAdmission,
  blockedAddress,
  lessonOpen,
  lessonRemoved,
  recordingRemoved,
  times,
  addresses,
  regions,
  carriers,
  referers,
  userAgents,
  links,
  encryption,
  watermark,
  backEnd,
];

/** The decision of one rule; `skip` where the rule does not apply. */
export type RuleDecision = {
  readonly rule: string;
  readonly decision: Decision | "skip";
  /** Where a policy has the rule; null for the rules that always hold. */
  readonly of: EffectiveRule | null;
};

const NO_RULE = "no-rule-allows";

/** Null when the rules admit; else the refusal, which names its rule. */
export function decide(subject: AccessSubject, rules: readonly AccessRule[] = ACCESS_RULES): Refusal | null {
  let isAllowed = false;
  for (const rule of rules) {
    if (!rule.applies(subject)) continue;
    const decision = rule.decide(subject);
    if (decision instanceof Refusal) return decision.by(rule.name);
    isAllowed ||= decision === "allow";
  }
  return isAllowed ? null : new Refusal("refused-by-rule").by(NO_RULE);
}

/** The decisions of all rules in their order, also of those after a refusal. */
export function explain(subject: AccessSubject, rules: readonly AccessRule[] = ACCESS_RULES): readonly RuleDecision[] {
  return rules.flatMap(({ name, applies, decide, each }): readonly RuleDecision[] => {
    if (!applies(subject)) return [{ rule: name, decision: "skip", of: null }];
    if (each) return each(subject).map(({ of, decision }) => ({ rule: name, decision, of }));
    return [{ rule: name, decision: decide(subject), of: null }];
  });
}
