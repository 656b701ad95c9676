import assert from "node:assert/strict";
import { test } from "node:test";
import { messagesFor } from "../controls/messages.ts";
import { isTransient, problemFromStatus } from "./problem.ts";

test("each status means what the server means by it, and only what can pass is tried again", () => {
  assert.deepEqual([404, 410, 401, 403, 429, 503, 500, 0].map(problemFromStatus), [
    "not-live",
    "expired",
    "refused",
    "refused",
    "busy",
    "busy",
    "network",
    "network",
  ]);
  assert.ok(isTransient("network") && isTransient("not-live") && !isTransient("expired") && !isTransient("codec"));
});

test("Chinese and English say the same things", () => {
  const [en, zh] = [messagesFor("en-GB"), messagesFor("zh-CN")];
  assert.notEqual(en, zh);
  assert.deepEqual(Object.keys(en), Object.keys(zh));
  assert.deepEqual(Object.keys(en.problems), Object.keys(zh.problems));
  assert.equal(messagesFor("fr"), en);
});
