import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RecentMaximum } from "./recent-maximum.ts";

test("a value counts for the whole window, and not after twice the window", () => {
  const step = fc.record({ after: fc.integer({ min: 0, max: 15 }), value: fc.integer({ min: 1, max: 100 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const recent = new RecentMaximum(30);
      let at = 0;
      const added = steps.map(({ after, value }) => {
        at += after;
        recent.add(value, at);
        return { at, value };
      });
      const largest = (within: number) => Math.max(...added.filter((one) => at - one.at < within).map(({ value }) => value));
      assert.ok(recent.value >= largest(30), `${recent.value} of at least ${largest(30)}`);
      assert.ok(recent.value <= largest(61), `${recent.value} of at most ${largest(61)}`);
    }),
  );
});

test("without a value it is 0", () => assert.equal(new RecentMaximum(1).value, 0));
