/** Admits the publisher who has the key of the lesson. A key opens the lesson's stream itself, not its rungs. */
import { Refusal } from "../../platform/refusal.ts";
import { isKeyOf } from "../policies/stream-policy.ts";
import { publishKeyMissing } from "./publish-key.ts";
import type { AccessRule } from "./rule.ts";

export const lessonPublishKey: AccessRule = {
  name: "lesson-publish-key",
  applies: ({ purpose, lesson }) => purpose === "publish" && lesson !== null,
  decide: ({ lesson, name, credentials }) => {
    if (lesson === null || lesson instanceof Refusal) return "pass";
    if (credentials.publishKey === null) return publishKeyMissing();
    return isKeyOf(lesson, credentials.publishKey) && name === lesson.name ? "allow" : new Refusal("bad-key");
  },
};
