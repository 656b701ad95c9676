import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../platform/refusal.ts";
import { lessonLookup } from "./lesson-lookup.ts";
import { decisionOf, lesson, subject } from "./test-subject.ts";

test("a lesson's stream without a policy is refused with the reason of the lookup; other streams are not concerned", () => {
  assert.equal(decisionOf(lessonLookup, subject()), "skip");
  assert.equal(decisionOf(lessonLookup, subject({ lesson: lesson() })), "pass");
  assert.equal(decisionOf(lessonLookup, subject({ lesson: new Refusal("no-such-stream") })), "no-such-stream");
  assert.equal(decisionOf(lessonLookup, subject({ lesson: new Refusal("control-away") })), "control-away");
});
