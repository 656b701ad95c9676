import assert from "node:assert/strict";
import { test } from "node:test";
import { FloodGuard } from "./flood-guard.ts";

test("what a lesson sends is no flood, and more than 100 Mbps or 20 000 packets within a second is", () => {
  const lesson = new FloodGuard(0);
  for (let now = 0; now < 5000; now++) assert.equal(lesson.take(1200, now), false);
  const large = new FloodGuard(0);
  let count = 0;
  while (!large.take(1200, 10)) count++;
  assert.equal(count, Math.floor(12_500_000 / 1200));
  const small = new FloodGuard(0);
  for (let i = 0; i < 20_000; i++) assert.equal(small.take(50, 10), false);
  assert.equal(small.take(50, 10), true);
});
