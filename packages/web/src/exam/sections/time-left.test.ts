import assert from "node:assert/strict";
import { test } from "node:test";
import { announcedMinutes, isUrgent } from "./time-left.ts";

test("the time left is announced at ten, five and one minutes, and not between", () => {
  assert.deepEqual([3600, 601, 600, 301, 300, 61, 60, 1, 0].map(announcedMinutes), [null, null, 10, 10, 5, 5, 1, 1, null]);
});

test("the last five minutes are urgent", () => {
  assert.deepEqual([301, 300, 0].map(isUrgent), [false, true, true]);
});
