/** Admits the viewer who has a valid signed link: to lessons and their recordings always, to other streams where `play.allow` is `signed`. */

import { Refusal } from "../../platform/refusal.ts";
import { verifyLink } from "../links/signed-link.ts";
import type { AccessRule, AccessSubject } from "./rule.ts";
import { ruleText } from "./rule-texts.ts";

export const signedLink: AccessRule = {
  name: "signed-link",
  applies: (subject) => (subject.purpose === "play" || subject.purpose === "replay") && needsLink(subject),
  decide: ({ app, name, ip, credentials, settings, now }) => {
    if (!credentials.link) return new Refusal("not-signed-in", ruleText("link-needed"));
    switch (verifyLink(credentials.link, { app, name, ip, secrets: settings.linkSecrets, now })) {
      case "valid":
        return "allow";
      case "expired":
        return new Refusal("link-expired");
      case "other-address":
        return new Refusal("refused-by-rule", ruleText("link-of-other-address"));
      default:
        return new Refusal("bad-signature");
    }
  },
};

/** Whether watching needs a signed link. */
export function needsLink({ lesson, recording, settings }: AccessSubject): boolean {
  return lesson !== null || recording?.signed === true || settings.play.allow === "signed";
}
