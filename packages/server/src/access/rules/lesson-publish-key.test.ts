import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../platform/refusal.ts";
import { lessonPublishKey } from "./lesson-publish-key.ts";
import { decisionOf, lesson, subject } from "./test-subject.ts";

test("only the lesson's key admits its publisher, and only to the stream itself", () => {
  const { name } = lesson();
  const publish = (query: Record<string, string>, as = name) =>
    decisionOf(lessonPublishKey, subject({ purpose: "publish", name: as, lesson: lesson() }, query));
  assert.equal(publish({ key: "push" }), "allow");
  assert.equal(publish({ key: "push" }, `${name}@360p`), "bad-key");
  assert.equal(publish({ key: "pusj" }), "bad-key");
  assert.equal(publish({}), "not-signed-in");
});

test("viewers, other streams and unknown lessons are left to other rules", () => {
  assert.equal(decisionOf(lessonPublishKey, subject({ lesson: lesson() })), "skip");
  assert.equal(decisionOf(lessonPublishKey, subject({ purpose: "publish" })), "skip");
  assert.equal(decisionOf(lessonPublishKey, subject({ purpose: "publish", lesson: new Refusal("no-such-stream") })), "pass");
});
