/** Refuses viewers who were removed from the lesson, whatever their links say. */
import { Refusal } from "../../platform/refusal.ts";
import type { AccessRule } from "./rule.ts";

export const lessonRemoved: AccessRule = {
  name: "lesson-removed",
  applies: ({ purpose, lesson }) => (purpose === "play" || purpose === "stay") && lesson !== null,
  decide: ({ lesson, credentials }) => {
    if (lesson === null || lesson instanceof Refusal) return "pass";
    return lesson.removed.some(credentials.isViewer) ? new Refusal("removed-from-lesson") : "pass";
  },
};
