import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ValueRing } from "./value-ring.ts";

test("a ring has the newest values of every interval, however they come", () => {
  const steps = fc.array(
    fc.record({ step: fc.integer({ min: -90, max: 200 }), value: fc.float({ noNaN: true, noDefaultInfinity: true }) }),
    {
      maxLength: 200,
    },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const ring = new ValueRing(120, { left: 1000 });
      const model = new Map<number, number>();
      let [tick, newest] = [1_000_000, -1];
      for (const { step, value } of all) {
        tick += step;
        const oldest = ring.range(0, Number.MAX_SAFE_INTEGER).at(0)?.[0] ?? tick;
        ring.set(tick, value);
        // A value older than all others may find no room in a ring that has not grown yet.
        const isRefused = tick < oldest && ring.range(tick, tick).length === 0;
        if (newest - tick >= 120 || isRefused) continue;
        newest = Math.max(newest, tick);
        model.set(tick, value);
        for (const known of model.keys()) if (newest - known >= 120) model.delete(known);
      }
      const found = new Map(ring.range(0, Number.MAX_SAFE_INTEGER));
      for (const [at, value] of found) assert.equal(value, model.get(at));
      const oldest = Math.max(newest - 59, Math.min(...found.keys()));
      for (const [at, value] of model) if (at >= oldest) assert.equal(found.get(at), value);
    }),
  );
});

test("rings take no more than their common budget, and give it back", () => {
  const budget = { left: 100 };
  const one = new ValueRing(720, budget);
  const other = new ValueRing(720, budget);
  for (let tick = 0; tick < 500; tick++) {
    one.set(tick, tick);
    other.set(tick, -tick);
  }
  assert.equal(budget.left, 0);
  assert.equal(one.range(0, 500).length, 60, "values that find no room replace the oldest");
  assert.deepEqual(other.range(499, 499), [[499, -499]]);
  one.free();
  assert.equal(budget.left, 60);
  for (let tick = 500; tick < 800; tick++) other.set(tick, 1);
  assert.equal(other.range(0, 1000).length, 100);
  new ValueRing(720, budget).set(1, 1);
});

test("a ring of few values takes little room, and one that goes on has its newest and its late values", () => {
  const budget = { left: 1000 };
  const ring = new ValueRing(720, budget);
  for (let tick = 100; tick < 106; tick++) ring.set(tick, tick);
  assert.equal(budget.left, 1000 - 6);
  ring.set(106, 106);
  ring.set(60, 60);
  assert.deepEqual(
    ring.range(0, 1000).map(([tick]) => tick),
    [60, 100, 101, 102, 103, 104, 105, 106],
  );
});
