/** The lines of a long chat that are drawn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { virtualWindow } from "./virtual-window.ts";

test("of a thousand lines, those in sight and some around them are drawn", () => {
  const heights = Array.from({ length: 1000 }, () => 50);
  assert.deepEqual(virtualWindow(heights, 5000, 400), { start: 92, end: 116, before: 4600, after: 44_200 });
  assert.deepEqual(virtualWindow(heights, 0, 400), { start: 0, end: 16, before: 0, after: 49_200 });
});

test("an empty list, and one that is scrolled beyond its end, draw what there is", () => {
  assert.deepEqual(virtualWindow([], 0, 400), { start: 0, end: 0, before: 0, after: 0 });
  assert.deepEqual(virtualWindow([50, 50], 900, 400), { start: 0, end: 2, before: 0, after: 0 });
});

test("whatever the heights, all that is in sight is drawn, and the list keeps its height", () => {
  const heightsOf = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 200 });
  fc.assert(
    fc.property(heightsOf, fc.nat(20_000), fc.integer({ min: 1, max: 900 }), (heights, top, height) => {
      const { start, end, before, after } = virtualWindow(heights, top, height);
      const total = heights.reduce((sum, one) => sum + one, 0);
      const drawn = heights.slice(start, end).reduce((sum, one) => sum + one, 0);
      assert.equal(before + drawn + after, total);
      assert.ok(before <= Math.min(top, total), "what is above is not in sight");
      assert.ok(total - after >= Math.min(top + height, total), "what is below is not in sight");
    }),
  );
});
