import assert from "node:assert/strict";
import { test } from "node:test";
import { RateLimit } from "./rate-limit.ts";

test("after the burst, a key waits for as long as it is told, and no longer", () => {
  let now = 0;
  const limit = new RateLimit({ burst: 3, perSecond: 0.5 }, () => now);
  assert.deepEqual([limit.take(["a"]), limit.take(["a"]), limit.take(["a"])], [0, 0, 0]);
  assert.equal(limit.take(["a"]), 2);
  now += 1500;
  assert.equal(limit.take(["a"]), 0.5);
  now += 500;
  assert.equal(limit.take(["a"]), 0);
  assert.equal(limit.take(["b"]), 0);
});

test("what counts for several takes their time, and at most a burst", () => {
  let now = 0;
  const limit = new RateLimit({ burst: 4, perSecond: 2 }, () => now);
  assert.equal(limit.take(["a"], 3), 0);
  assert.equal(limit.take(["a"], 3), 1);
  now += 1000;
  assert.equal(limit.take(["a"], 3), 0);
  assert.equal(limit.take(["b"], 100), 0);
  assert.equal(limit.take(["b"]), 0.5);
});

test("with several keys, what one of them refuses costs the other nothing", () => {
  const limit = new RateLimit({ burst: 1, perSecond: 1 }, () => 0);
  assert.equal(limit.take(["person", "address"]), 0);
  assert.equal(limit.take(["other", "address"]), 1);
  assert.equal(limit.take(["other"]), 0);
});
