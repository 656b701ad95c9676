/** Refuses viewers whose permission to watch the lesson has ended, whatever their links and sessions say. */
import { Refusal } from "../../platform/refusal.ts";
import { viewerSet } from "../credentials/viewer-set.ts";
import type { AccessRule } from "./rule.ts";

export const lessonRemoved: AccessRule = {
  name: "lesson-removed",
  applies: ({ purpose, lesson }) => (purpose === "play" || purpose === "stay") && lesson !== null,
  decide: ({ lesson, credentials }) => {
    if (lesson === null || lesson instanceof Refusal) return "pass";
    return credentials.isAmong(viewerSet(lesson.removed)) ? new Refusal("removed-from-lesson") : "pass";
  },
};
