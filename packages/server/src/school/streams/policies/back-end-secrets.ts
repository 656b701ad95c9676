/**
 * Provides the secrets with which questions to back ends are signed. They are encrypted in the stored rules, and in no answer of the API: an answer
 * says whether there is one, and a change without a secret keeps the one of the rule for the same address.
 */
import type { BackEndRule, PolicyRule } from "../../../access/policies/access-policy.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";

/** A rule as the API takes it. */
export type GivenBackEndRule = Omit<BackEndRule, "secret"> & {
  /** Absent: see `signed`. */
  readonly secret?: string | undefined;
  /** True: with the secret from before. False: without one. Absent: with the one from before, where there is one. */
  readonly signed?: boolean | undefined;
};
export type InputRule = Exclude<PolicyRule, BackEndRule> | GivenBackEndRule;
/** A rule as the API returns it. */
export type ShownRuleFields = Exclude<PolicyRule, BackEndRule> | (Omit<BackEndRule, "secret"> & { readonly signed: boolean });

/**
 * The rules as they are stored.
 * @param before as they were stored; @param encrypt a new secret
 * @throws RefusalError bad-request where a secret is to be kept that is not there
 */
export function storedRules(
  given: readonly InputRule[],
  before: readonly PolicyRule[],
  encrypt: (secret: string) => string,
): PolicyRule[] {
  const kept = before.flatMap((rule) => (rule.kind === "back-end" && rule.secret !== "" ? [rule] : []));
  return given.map((one, i) => {
    if (one.kind !== "back-end") return one;
    const { secret, signed, ...rule } = one;
    if (secret !== undefined) return { ...rule, secret: encrypt(secret) };
    if (signed === false) return { ...rule, secret: "" };
    const at = kept.findIndex(({ url, for: action }) => url === rule.url && action === rule.for);
    const [from] = at < 0 ? [] : kept.splice(at, 1);
    if (!from && signed) throw secretNeeded(`rules.${i}.secret`);
    return { ...rule, secret: from?.secret ?? "" };
  });
}

export function shownRule(rule: PolicyRule): ShownRuleFields {
  if (rule.kind !== "back-end") return rule;
  const { secret, ...shown } = rule;
  return { ...shown, signed: secret !== "" };
}

/** The rules with their secrets, for media workers. A secret that cannot be decrypted signs nothing: the back end will refuse. */
export function openedRules(rules: readonly PolicyRule[], decrypt: (stored: string) => string | null): readonly PolicyRule[] {
  return rules.map((rule) =>
    rule.kind === "back-end" && rule.secret !== "" ? { ...rule, secret: decrypt(rule.secret) ?? "" } : rule,
  );
}

export function countSecrets(rules: readonly PolicyRule[]): number {
  return rules.filter((rule) => rule.kind === "back-end" && rule.secret !== "").length;
}

function secretNeeded(path: string): RefusalError {
  const mistake = policyText("back-end-secret-needed");
  const message = platformText("field-mistake", { where: platformText("in-body"), field: path, mistake });
  return new RefusalError("bad-request", message, [{ path, message: mistake }]);
}
