/** Refuses publishers of a lesson that a teacher has ended, and disconnects its publisher and viewers at that moment. */
import { Refusal } from "../../platform/refusal.ts";
import type { AccessRule } from "./rule.ts";

export const lessonOpen: AccessRule = {
  name: "lesson-open",
  // A viewer who joins at that moment finds no stream, or the re-check after admission disconnects it.
  applies: ({ purpose, lesson }) => (purpose === "publish" || purpose === "stay") && lesson !== null,
  decide: ({ lesson }) => {
    if (lesson === null || lesson instanceof Refusal) return "pass";
    return lesson.open ? "pass" : new Refusal("lesson-ended");
  },
};
