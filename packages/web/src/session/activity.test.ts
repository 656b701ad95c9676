import assert from "node:assert/strict";
import { test } from "node:test";
import { countAsUsedWhile, isPageUsed, noteUse } from "./activity.ts";

test("a page that nobody touches counts as used for a minute, and while it shows a lesson", () => {
  const now = Date.now();
  noteUse(now);
  assert.equal(isPageUsed(now + 50_000), true);
  assert.equal(isPageUsed(now + 61_000), false);
  countAsUsedWhile(() => true);
  assert.equal(isPageUsed(now + 61_000), true);
  countAsUsedWhile(() => false);
  assert.equal(isPageUsed(now + 61_000), false);
});
