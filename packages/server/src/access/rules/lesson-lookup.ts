/** Refuses a lesson's stream when no lesson has it, or when the control process cannot be asked: failure never opens a stream. */
import { Refusal } from "../../platform/refusal.ts";
import type { AccessRule } from "./rule.ts";

export const lessonLookup: AccessRule = {
  name: "lesson-lookup",
  applies: ({ lesson }) => lesson !== null,
  decide: ({ lesson }) => (lesson instanceof Refusal ? lesson : "pass"),
};
