import assert from "node:assert/strict";
import { test } from "node:test";
import { lessonOpen } from "./lesson-open.ts";
import { decisionOf, lesson, subject } from "./test-subject.ts";

test("an ended lesson takes no publisher and keeps no client", () => {
  for (const purpose of ["publish", "stay"] as const) {
    assert.equal(decisionOf(lessonOpen, subject({ purpose, lesson: lesson({ open: false }) })), "lesson-ended", purpose);
    assert.equal(decisionOf(lessonOpen, subject({ purpose, lesson: lesson() })), "pass", purpose);
    assert.equal(decisionOf(lessonOpen, subject({ purpose })), "skip", purpose);
  }
});
