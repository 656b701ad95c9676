import assert from "node:assert/strict";
import { test } from "node:test";
import { growingRange, roundUp } from "./growing-range.ts";

test("an axis ends at the next round value", () => {
  assert.deepEqual([0.3, 1, 1.01, 2.2, 26, 73, 100, 101].map(roundUp), [0.5, 1, 2, 2.5, 50, 100, 100, 200]);
  assert.equal(roundUp(0), 1);
  assert.equal(roundUp(Number.NaN), 1);
});

test("an axis grows with its values, and does not shrink", () => {
  const range = growingRange();
  assert.deepEqual(range(3), [0, 5]);
  assert.deepEqual(range(40), [0, 50]);
  assert.deepEqual(range(3), [0, 50]);
  assert.deepEqual(range(null), [0, 50]);
});
