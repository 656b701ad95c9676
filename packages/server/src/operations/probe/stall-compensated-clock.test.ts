/** The probe's clock: what this process missed is left out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { StallCompensatedClock } from "./stall-compensated-clock.ts";

test("time in which the process was held is left out, and told", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  let real = 1000;
  const clock = new StallCompensatedClock(() => real);
  t.after(() => clock.close());
  for (let i = 0; i < 50; i++) {
    real += 20;
    clock.now();
  }
  assert.equal(clock.now(), 2000);
  real += 3000;
  assert.equal(clock.now(), 2020);
  assert.equal(clock.lateMs, 2980);
});

test("a wait ends by this clock, and not by that of the machine", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  let real = 0;
  const clock = new StallCompensatedClock(() => real);
  t.after(() => clock.close());
  let called = false;
  clock.after(100, () => {
    called = true;
  });
  real += 60_000;
  t.mock.timers.tick(20);
  assert.equal(called, false);
  for (let i = 0; i < 4; i++) {
    real += 20;
    t.mock.timers.tick(20);
  }
  assert.equal(called, true);
});
