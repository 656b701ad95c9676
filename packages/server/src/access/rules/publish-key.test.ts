import assert from "node:assert/strict";
import { test } from "node:test";
import { publishKey } from "./publish-key.ts";
import { decisionOf, lesson, subject } from "./test-subject.ts";

test("publish.keys admits the publisher with the key of this stream", () => {
  const settings = { ...subject().settings, publish: { allow: "keys", keys: { "live/math": "s3cret" } } } as const;
  const publish = (query: Record<string, string>, name = "math") =>
    decisionOf(publishKey, subject({ purpose: "publish", name, settings }, query));
  assert.equal(publish({ key: "s3cret" }), "allow");
  assert.equal(publish({ key: "s3cret " }), "bad-key");
  assert.equal(publish({ key: "s3cret" }, "physics"), "bad-key");
  assert.equal(publish({ key: "" }), "not-signed-in");
});

test("publish.allow any admits every publisher, but not to lessons", () => {
  assert.equal(decisionOf(publishKey, subject({ purpose: "publish" })), "allow");
  assert.equal(decisionOf(publishKey, subject({ purpose: "publish", lesson: lesson() })), "skip");
  assert.equal(decisionOf(publishKey, subject()), "skip");
});
