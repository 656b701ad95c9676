import assert from "node:assert/strict";
import { test } from "node:test";
import { onSchedule, untilNext } from "./schedule.ts";

test("all that is done again and again is done at the multiples of its period", () => {
  assert.equal(untilNext(2000, 500), 1500);
  assert.equal(untilNext(1000, 500), 500);
  assert.equal(untilNext(2000, 4000), 2000);
  // Just before a moment, and just after: not twice for the same one.
  assert.equal(untilNext(2000, 3900), 2100);
  assert.equal(untilNext(2000, 4050), 1950);
});

test("it goes on until it is ended, also by what it does", (t) => {
  const now = { value: 250 };
  t.mock.method(performance, "now", () => now.value);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const pass = (milliseconds: number): void => {
    now.value += milliseconds;
    t.mock.timers.tick(milliseconds);
  };
  const at: number[] = [];
  const end = onSchedule(() => {
    at.push(now.value);
    if (at.length === 3) end();
  }, 1000);
  pass(749);
  assert.deepEqual(at, []);
  pass(1);
  for (let i = 0; i < 4; i++) pass(1000);
  assert.deepEqual(at, [1000, 2000, 3000]);
});
