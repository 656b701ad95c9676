/** Lets an admitted client continue: its open connection or its session proves that it was admitted. */
import type { AccessRule } from "./rule.ts";

export const earlierAdmission: AccessRule = {
  name: "earlier-admission",
  applies: ({ purpose }) => purpose === "stay",
  decide: () => "allow",
};
