import assert from "node:assert/strict";
import { test } from "node:test";
import { dueAt, intervalOf } from "./schedule.ts";

const at = (day: number, hours: number, minutes = 0): number => new Date(2026, 10, day, hours, minutes).getTime();

test("the first backup is due at once, the others after the interval", () => {
  assert.equal(dueAt("6h", null), 0);
  assert.equal(dueAt("6h", at(1, 1)), at(1, 7));
  assert.equal(dueAt("2d", at(1, 1)), at(3, 1));
});

test("a backup at a time of day is due at the first such time after the last one", () => {
  assert.equal(dueAt("03:30", null), 0);
  assert.equal(dueAt("03:30", at(1, 1)), at(1, 3, 30));
  assert.equal(dueAt("03:30", at(1, 3, 30)), at(2, 3, 30));
  assert.equal(dueAt("03:30", at(30, 22)), new Date(2026, 11, 1, 3, 30).getTime());
  assert.equal(intervalOf("03:30"), intervalOf("1d"));
});
