import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "./clock.ts";
import { LogThrottle } from "./log-throttle.ts";

test("a flood is written in part, its size is reported once, and the next second starts at zero", () => {
  const clock = new ManualClock();
  const told: number[] = [];
  const throttle = new LogThrottle(clock, (count) => told.push(count));
  const written = Array.from({ length: 500 }, () => throttle.allow()).filter(Boolean).length;
  assert.equal(written, 20);
  clock.advance(1000);
  assert.deepEqual(told, [480]);
  assert.equal(throttle.allow(), true);
  clock.advance(5000);
  assert.deepEqual(told, [480]);
});
