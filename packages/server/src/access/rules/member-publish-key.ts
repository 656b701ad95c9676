/**
 * Admits a member of a lesson to the stream `NAME~USER` with the key that the lesson's room has given to this member, while the lesson lets the
 * member publish: on stage, or in a small lesson. Ends the publication when that is over.
 */
import { Refusal } from "../../platform/refusal.ts";
import { verifyMemberKey } from "../links/member-key.ts";
import { memberOf, type StreamPolicy } from "../policies/stream-policy.ts";
import { publishKeyMissing } from "./publish-key.ts";
import type { AccessRule, AccessSubject, Decision } from "./rule.ts";
import { ruleText } from "./rule-texts.ts";

export const memberPublishKey: AccessRule = {
  name: "member-publish-key",
  applies: ({ purpose, lesson, name, credentials }) =>
    lesson !== null &&
    memberOf(name) !== null &&
    (purpose === "publish" || (purpose === "stay" && credentials.publishKey !== null)),
  decide: (subject) => {
    const { purpose, lesson, name } = subject;
    const member = memberOf(name);
    if (lesson === null || lesson instanceof Refusal || member === null) return "pass";
    // A key is checked when publishing begins. It expires soon, and what it began goes on.
    const decision = purpose === "stay" ? "pass" : keyDecision(subject);
    if (decision instanceof Refusal) return decision;
    if (lesson.removed.includes(member)) return new Refusal("removed-from-lesson");
    return mayPublish(lesson, member) ? decision : new Refusal("not-on-stage");
  },
};

/** Whether the key is newer than what this process knows of the lesson, which is then worth asking for again. */
export function isAheadOfPolicy(subject: AccessSubject): boolean {
  const { purpose, lesson, name } = subject;
  const member = memberOf(name);
  if (purpose !== "publish" || lesson === null || lesson instanceof Refusal || member === null) return false;
  return !mayPublish(lesson, member) && keyDecision(subject) === "allow";
}

function keyDecision({ app, name, credentials, settings, now }: AccessSubject): Decision {
  const { publishKey } = credentials;
  if (publishKey === null) return publishKeyMissing();
  const verdict = verifyMemberKey(publishKey, { app, name, secrets: settings.linkSecrets, now });
  if (verdict === "expired") return new Refusal("link-expired", ruleText("member-key-expired"));
  return verdict === "valid" ? "allow" : new Refusal("bad-key");
}

function mayPublish({ members }: StreamPolicy, member: string): boolean {
  return members === "all" || members?.includes(member) === true;
}
