/**
 * Admits the publisher who has the key of the lesson, and disconnects those whose key was replaced. A key opens the lesson's stream itself, not
 * its rungs.
 */
import { Refusal } from "../../platform/refusal.ts";
import { isFormerKeyOf, isKeyOf, memberOf } from "../policies/stream-policy.ts";
import { publishKeyMissing } from "./publish-key.ts";
import type { AccessRule } from "./rule.ts";

export const lessonPublishKey: AccessRule = {
  name: "lesson-publish-key",
  applies: ({ purpose, lesson, name, credentials }) =>
    lesson !== null &&
    memberOf(name) === null &&
    (purpose === "publish" || (purpose === "stay" && credentials.publishKey !== null)),
  decide: ({ purpose, lesson, name, credentials }) => {
    if (lesson === null || lesson instanceof Refusal) return "pass";
    if (credentials.publishKey === null) return publishKeyMissing();
    if (purpose === "stay")
      return isKeyOf(lesson, credentials.publishKey) || isFormerKeyOf(lesson, credentials.publishKey)
        ? "pass"
        : new Refusal("bad-key");
    return isKeyOf(lesson, credentials.publishKey) && name === lesson.name ? "allow" : new Refusal("bad-key");
  },
};
