import assert from "node:assert/strict";
import { test } from "node:test";
import { attentionLevel, attentionOf } from "./attention.ts";

test("what the pixels say stands in its place, and instead of what the bits say", () => {
  assert.deepEqual(attentionOf(["empty-picture", "facts"], "black"), ["black", "facts"]);
  assert.deepEqual(attentionOf(["facts", "no-picture"], null), ["no-picture", "facts"]);
  assert.deepEqual(attentionOf([], "frozen"), ["frozen"]);
});

test("a code of a newer server stays, and comes last", () => {
  assert.deepEqual(attentionOf(["of-tomorrow", "paused"], null), ["paused", "of-tomorrow"]);
});

test("a missing picture is urgent, a stopped clock is noted, and nothing is nothing", () => {
  assert.deepEqual([["no-picture", "paused"], ["facts", "paused"], ["paused"], []].map(attentionLevel), [
    "urgent",
    "look",
    "noted",
    null,
  ]);
});
