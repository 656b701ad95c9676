/** Refuses downloads of recordings that are shown with a watermark: a file would be without it. */
import { Refusal } from "../../platform/refusal.ts";
import { policyRule } from "./policy-rule.ts";
import { ruleText } from "./rule-texts.ts";

/** The formats of whole recordings. */
const FILES = new Set(["mp4", "flv"]);

export const watermark = policyRule("watermark", (_rule, { recording, protocol }) =>
  recording !== null && FILES.has(protocol) ? new Refusal("refused-by-rule", ruleText("unmarked")) : null,
);
