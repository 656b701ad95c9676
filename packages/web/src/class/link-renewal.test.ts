import assert from "node:assert/strict";
import { test } from "node:test";
import { RenewalPace } from "./link-renewal.ts";

test("links are renewed when they are due", () => {
  const pace = new RenewalPace();
  assert.deepEqual([pace.renewIn(1_800_000), pace.renewIn(5000), pace.renewIn(1000)], [1_800_000, 5000, 1000]);
});

test("renewals that are due at once, each time, wait longer and longer: three in the first seven seconds, then one a minute", () => {
  const pace = new RenewalPace();
  const waits = Array.from({ length: 9 }, () => pace.renewIn(-840_000));
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  pace.renewIn(1_800_000);
  assert.equal(pace.renewIn(0), 1000, "one that was not due at once ends that");
});

test("failed renewals are tried again after growing, spread delays, until one succeeds", () => {
  const pace = new RenewalPace(() => 0.5);
  assert.deepEqual(
    Array.from({ length: 6 }, () => pace.retryIn()),
    [5000, 10_000, 20_000, 40_000, 60_000, 60_000],
  );
  pace.renewIn(60_000);
  assert.equal(pace.retryIn(), 5000);
  assert.equal(new RenewalPace(() => 0).retryIn(), 3750);
});
