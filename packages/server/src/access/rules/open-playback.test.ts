import assert from "node:assert/strict";
import { test } from "node:test";
import { openPlayback } from "./open-playback.ts";
import { decisionOf, lesson, subject } from "./test-subject.ts";

test("play.allow any admits viewers of streams and recordings that belong to no lesson", () => {
  assert.equal(decisionOf(openPlayback, subject()), "allow");
  assert.equal(decisionOf(openPlayback, subject({ purpose: "replay" })), "allow");
  assert.equal(decisionOf(openPlayback, subject({ purpose: "replay", recording: { signed: true } })), "skip");
  assert.equal(decisionOf(openPlayback, subject({ lesson: lesson() })), "skip");
  assert.equal(decisionOf(openPlayback, subject({ settings: { ...subject().settings, play: { allow: "signed" } } })), "skip");
  assert.equal(decisionOf(openPlayback, subject({ purpose: "publish" })), "skip");
});
