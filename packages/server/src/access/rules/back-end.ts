/** Refuses what a back end has refused. The back ends are asked before (`back-ends.ts`), when all other rules let a request through. */
import { Refusal } from "../../platform/refusal.ts";
import type { BackEndRule } from "../policies/access-policy.ts";
import { policyRule } from "./policy-rule.ts";
import type { AccessRule, AccessSubject } from "./rule.ts";

const asked = policyRule("back-end", refuse);

export const backEnd: AccessRule = {
  ...asked,
  // Where another rule refuses, nobody was asked.
  each: (subject) =>
    asked.each?.(subject).map((one) => (subject.answers?.has(one.of.rule) ? one : { ...one, decision: "skip" })) ?? [],
};

/** A back end that fails ends nothing: the last known answer holds for what is open. */
function refuse(rule: BackEndRule, { answers, purpose }: AccessSubject): Refusal | null {
  const answer = answers?.get(rule);
  if (answer === undefined || answer.kind === "allow") return null;
  if (answer.kind === "refuse") return new Refusal("refused-by-callback").because(answer.about);
  return purpose === "stay" || rule.onFailure === "allow" ? null : new Refusal("callback-failed").because(answer.about);
}
