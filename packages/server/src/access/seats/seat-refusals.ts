/** Refusals where a rule of kind `viewers` leaves no seat. */
import { Refusal } from "../../platform/refusal.ts";
import { ruleText } from "../rules/rule-texts.ts";

/** As metrics and refusals name the rule. */
const RULE = "viewers";

/** One viewer has as many connections as it may have, or this one has lost its seat to another. @param source where the rule comes from */
export function refuseOtherDevice(source: string | null = null): Refusal {
  return new Refusal("too-many", ruleText("other-device")).by(RULE, source);
}

/** A stream has as many viewers as it may have. */
export function refuseFull(isLesson: boolean, source: string | null): Refusal {
  return (isLesson ? new Refusal("lesson-full") : new Refusal("full", ruleText("viewers-most"))).by(RULE, source);
}
