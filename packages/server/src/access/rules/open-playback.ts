/** Admits every viewer to streams and recordings that belong to no lesson, where `play.allow` is `any`. */
import type { AccessRule } from "./rule.ts";
import { needsLink } from "./signed-link.ts";

export const openPlayback: AccessRule = {
  name: "open-playback",
  applies: (subject) => (subject.purpose === "play" || subject.purpose === "replay") && !needsLink(subject),
  decide: () => "allow",
};
