/** Refuses to publish a lesson that a teacher has ended, and ends what is open when that happens. */
import { Refusal } from "../../platform/refusal.ts";
import type { AccessRule } from "./rule.ts";

export const lessonOpen: AccessRule = {
  name: "lesson-open",
  // A viewer who comes meanwhile finds no stream, or is sent away by the check that follows admission.
  applies: ({ purpose, lesson }) => (purpose === "publish" || purpose === "stay") && lesson !== null,
  decide: ({ lesson }) => {
    if (lesson === null || lesson instanceof Refusal) return "pass";
    return lesson.open ? "pass" : new Refusal("lesson-ended");
  },
};
