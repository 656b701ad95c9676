import assert from "node:assert/strict";
import { test } from "node:test";
import { admittedCredentials, credentialsOf } from "../credentials/credentials.ts";
import { signMemberKey } from "../links/member-key.ts";
import { memberStream, type StreamPolicy } from "../policies/stream-policy.ts";
import { lessonPublishKey } from "./lesson-publish-key.ts";
import { isAheadOfPolicy, memberPublishKey } from "./member-publish-key.ts";
import { decisionOf, lesson, NOW, SECRET, subject } from "./test-subject.ts";

const anna = memberStream(lesson().name, "anna");
const keyOf = (name: string, seconds = 60) => signMemberKey({ app: "live", name, expires: NOW / 1000 + seconds }, SECRET);

function publishing(policy: Partial<StreamPolicy>, key: string | null, name = anna) {
  const credentials = credentialsOf(new URLSearchParams(key === null ? {} : { key }));
  return subject({ purpose: "publish", name, lesson: lesson(policy), credentials });
}
const publish = (...of: Parameters<typeof publishing>) => decisionOf(memberPublishKey, publishing(...of));

test("a member with a key publishes while on stage, or in a small lesson", () => {
  assert.equal(publish({ members: ["anna"] }, keyOf(anna)), "allow");
  assert.equal(publish({ members: "all" }, keyOf(anna)), "allow");
  assert.equal(publish({ members: ["ben"] }, keyOf(anna)), "not-on-stage");
  assert.equal(publish({}, keyOf(anna)), "not-on-stage");
});

test("without a key, with another's, the lesson's, or an expired one, nobody publishes", () => {
  const stage = { members: ["anna", "ben"] };
  assert.equal(publish(stage, null), "not-signed-in");
  assert.equal(publish(stage, keyOf(memberStream(lesson().name, "ben"))), "bad-key");
  assert.equal(publish(stage, keyOf(memberStream("lesson-bbbbbbbbbbbbbbbb", "anna"))), "bad-key");
  assert.equal(publish(stage, "push"), "bad-key");
  assert.equal(publish(stage, keyOf(anna, -1)), "link-expired");
  assert.equal(publish(stage, keyOf(anna), `${anna}@360p`), "bad-key");
  assert.equal(decisionOf(lessonPublishKey, publishing(stage, "push")), "skip", "the lesson's key opens no member's stream");
});

test("a removed member publishes nowhere", () => {
  assert.equal(publish({ members: "all", removed: ["anna"] }, keyOf(anna)), "removed-from-lesson");
});

test("who publishes goes on after the key has expired, until the stage is left", () => {
  const staying = (policy: Partial<StreamPolicy>) =>
    decisionOf(
      memberPublishKey,
      subject({ purpose: "stay", name: anna, lesson: lesson(policy), credentials: admittedCredentials(null, keyOf(anna, -1), "") }),
    );
  assert.equal(staying({ members: ["anna"] }), "pass");
  assert.equal(staying({ members: [] }), "not-on-stage");
  assert.equal(staying({ members: "all", removed: ["anna"] }), "removed-from-lesson");
});

test("only a valid key is a reason to ask for the policy again", () => {
  assert.equal(isAheadOfPolicy(publishing({ members: [] }, keyOf(anna))), true);
  assert.equal(isAheadOfPolicy(publishing({ members: ["anna"] }, keyOf(anna))), false);
  for (const key of [null, "push", keyOf(anna, -1)]) assert.equal(isAheadOfPolicy(publishing({ members: [] }, key)), false);
});
