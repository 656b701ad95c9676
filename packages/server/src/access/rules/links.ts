/** Refuses viewers without a valid signed link where a policy needs one, also where streams are open to everybody. */
import { linkVerdict } from "./link-verdict.ts";
import { policyRule } from "./policy-rule.ts";
import { linkRefusal } from "./signed-link.ts";

export const links = policyRule("links", ({ boundAddress }, subject) => {
  // An admitted viewer has had a link, which may have expired since.
  if (subject.purpose === "stay" || subject.purpose === "publish") return null;
  const verdict = linkVerdict(subject, boundAddress);
  return verdict === "valid" ? null : linkRefusal(verdict);
});
