import assert from "node:assert/strict";
import { test } from "node:test";
import { RecentMap } from "./recent-map.ts";

test("what was used last stays, and there are never more entries than it may have", () => {
  const map = new RecentMap<number, string>(10);
  map.set(-1, "used");
  for (let i = 0; i < 100; i++) {
    map.set(i, `value ${i}`);
    assert.equal(map.get(-1), "used");
    assert.ok(map.size <= 10, `${map.size} entries`);
  }
  assert.deepEqual([map.get(99), map.get(96), map.get(50)], ["value 99", "value 96", undefined]);
  map.delete(99);
  map.delete(-1);
  assert.deepEqual([map.get(99), map.get(-1)], [undefined, undefined]);
});

test("a new entry takes the same time, however many were forgotten", () => {
  const map = new RecentMap<number, number>(50_000);
  const begun = performance.now();
  for (let i = 0; i < 500_000; i++) map.set(i, i);
  assert.ok(performance.now() - begun < 5000);
});
