import assert from "node:assert/strict";
import { test } from "node:test";
import { DryMeter } from "./dry-meter.ts";

/** Looks each 100 ms for so long. */
function pass(meter: DryMeter, from: number, to: number, isDry: boolean): void {
  for (let now = from + 100; now <= to; now += 100) meter.look(now, isDry);
}

test("it grows while the picture stands still and shrinks a quarter as fast, never below nothing", () => {
  const meter = new DryMeter(0);
  pass(meter, 0, 2000, true);
  assert.equal(meter.ms, 2000);
  pass(meter, 2000, 4000, false);
  assert.equal(meter.ms, 1500);
  pass(meter, 4000, 19_000, false);
  assert.equal(meter.ms, 0);
});

test("a picture that stands still for a third of the time runs out of patience in the end", () => {
  const meter = new DryMeter(0);
  for (let now = 0; now < 30_000; now += 3000) {
    pass(meter, now, now + 1000, true);
    pass(meter, now + 1000, now + 3000, false);
  }
  assert.equal(meter.ms, 5000);
});

test("a page that was asleep for a minute does not count it", () => {
  const meter = new DryMeter(0);
  meter.look(60_000, true);
  assert.equal(meter.ms, 1000);
  meter.reset();
  assert.equal(meter.ms, 0);
});
