/** Admits the viewer who has a valid signed link: to lessons and their recordings always, to other streams where `play.allow` is `signed`. */
import { Refusal } from "../../platform/refusal.ts";
import { type LinkVerdict, linkVerdict } from "./link-verdict.ts";
import type { AccessRule, AccessSubject } from "./rule.ts";
import { ruleText } from "./rule-texts.ts";

export const signedLink: AccessRule = {
  name: "signed-link",
  applies: (subject) => (subject.purpose === "play" || subject.purpose === "replay") && needsLink(subject),
  decide: (subject) => {
    const verdict = linkVerdict(subject);
    return verdict === "valid" ? "allow" : linkRefusal(verdict);
  },
};

export function linkRefusal(verdict: Exclude<LinkVerdict, "valid">): Refusal {
  switch (verdict) {
    case "none":
      return new Refusal("not-signed-in", ruleText("link-needed"));
    case "expired":
      return new Refusal("link-expired");
    case "other-address":
      return new Refusal("refused-by-rule", ruleText("link-of-other-address"));
    case "unbound":
      return new Refusal("refused-by-rule", ruleText("link-unbound"));
    default:
      return new Refusal("bad-signature");
  }
}

/** Whether watching needs a signed link. */
export function needsLink({ lesson, recording, settings }: AccessSubject): boolean {
  return lesson !== null || recording?.signed === true || settings.play.allow === "signed";
}
