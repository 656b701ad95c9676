/** Refuses what would carry an encrypted lesson in the clear: everything but HLS and still images. A room has no media. */
import { Refusal } from "../../platform/refusal.ts";
import { policyRule } from "./policy-rule.ts";
import { ruleText } from "./rule-texts.ts";

const ALLOWED = new Set(["hls", "still", "room"]);

export const encryption = policyRule("encryption", (_rule, { purpose, protocol, credentials }) => {
  const isPublisher = purpose === "publish" || credentials.publishKey !== null;
  return isPublisher || ALLOWED.has(protocol) ? null : new Refusal("refused-by-rule", ruleText("encrypted"));
});
