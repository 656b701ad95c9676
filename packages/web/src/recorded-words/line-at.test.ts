import assert from "node:assert/strict";
import { test } from "node:test";
import { lineAt } from "./line-at.ts";

test("the line that is spoken is the last one that has begun", () => {
  const lines = [2, 5, 5, 9].map((start) => ({ start }));
  const found = [0, 2, 4.9, 5, 8, 9, 100].map((seconds) => lineAt(lines, seconds));
  assert.deepEqual(found, [-1, 0, 0, 2, 2, 3, 3]);
  assert.equal(lineAt([], 5), -1);
});
