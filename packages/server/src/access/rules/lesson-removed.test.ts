import assert from "node:assert/strict";
import { test } from "node:test";
import { sessionCredentials } from "../credentials/credentials.ts";
import { viewerTag } from "../credentials/viewer-set.ts";
import { lessonRemoved } from "./lesson-removed.ts";
import { decisionOf, lesson, subject } from "./test-subject.ts";

test("a removed viewer is refused with a link, and with a session", () => {
  const policy = lesson({ removed: ["anna"] });
  assert.equal(decisionOf(lessonRemoved, subject({ lesson: policy }, { viewer: "anna" })), "removed-from-lesson");
  assert.equal(decisionOf(lessonRemoved, subject({ lesson: policy }, { viewer: "ben" })), "pass");
  assert.equal(decisionOf(lessonRemoved, subject({ lesson: policy })), "pass");
  const credentials = sessionCredentials(viewerTag("anna"));
  assert.equal(decisionOf(lessonRemoved, subject({ purpose: "stay", lesson: policy, credentials })), "removed-from-lesson");
  assert.equal(decisionOf(lessonRemoved, subject({ purpose: "publish", lesson: policy }, { viewer: "anna" })), "skip");
});
