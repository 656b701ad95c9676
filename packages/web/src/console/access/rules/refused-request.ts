/** Provides a request that was refused, or would be by a rule in dry-run, and the words for why. */
import type { Translate } from "../../../texts/use-translation.ts";
import { RULE_KINDS } from "./rule.ts";

export type RefusedRequest = {
  readonly id: string;
  readonly at: string;
  /** `live/NAME`, `vod/ID`. */
  readonly target: string;
  readonly action: string;
  readonly protocol: string;
  readonly ip: string;
  readonly code: string;
  /** Null where no rule refused. */
  readonly rule: string | null;
  /** The policy that has the rule, as `school ID`. */
  readonly source: string | null;
  readonly dryRun: boolean;
  readonly about: string | null;
};

/** A rule's name for people; its own where it has no other. */
export function ruleName(rule: string, t: Translate): string {
  if (RULE_KINDS.some((kind) => kind === rule)) return t(`rules.kinds.${rule}`);
  return t(`rules.others.${rule}`, { defaultValue: rule });
}

/** Why something was refused: the rule of a policy, or else what the code says. */
export function reasonName({ rule, code }: Pick<RefusedRequest, "rule" | "code">, t: Translate): string {
  if (rule !== null && code === "refused-by-rule") return ruleName(rule, t);
  return t(`refusals.codes.${code}`, { defaultValue: code });
}
