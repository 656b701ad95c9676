/** Refuses while policies are not known yet, right after the first start of a node: failure never opens a stream. */
import { Refusal } from "../../platform/refusal.ts";
import type { AccessRule } from "./rule.ts";

export const policiesKnown: AccessRule = {
  name: "policies-known",
  applies: ({ rules }) => rules instanceof Refusal,
  decide: ({ rules }) => (rules instanceof Refusal ? rules : "pass"),
};
