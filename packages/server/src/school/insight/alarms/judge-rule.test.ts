/** Judging a rule: how long a value must be bad or good, gaps, and values that move around a threshold. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { SeriesValue } from "../metrics-history/metrics-history.ts";
import { type Condition, judgeRule } from "./judge-rule.ts";

const STEP = 10_000;
const RULE: Condition = { comparison: "above", threshold: 10, clear_threshold: 8, for_seconds: 30, clear_seconds: 20 };
const series = (values: readonly number[]): SeriesValue[] => values.map((value, i) => ({ at: i * STEP, value }));

function judgeLast(values: readonly SeriesValue[], isOpen: boolean, rule = RULE, now = values.at(-1)?.at ?? 0): boolean {
  return judgeRule(rule, values, { isOpen, now, staleMs: 90_000, keepsWithoutValues: false });
}

/** The states of an alarm, value by value. */
function run(values: readonly number[], rule = RULE): boolean[] {
  const all = series(values);
  let isOpen = false;
  return all.map((_, i) => {
    isOpen = judgeLast(all.slice(0, i + 1), isOpen, rule);
    return isOpen;
  });
}

test("an alarm opens when the value was bad for the whole while, and not a value earlier", () => {
  assert.deepEqual(run([11, 11, 11, 11]), [false, false, false, true]);
  assert.deepEqual(run([11, 11, 10, 11, 11, 11]), [false, false, false, false, false, false]);
});

test("an alarm ends when the value was good for the whole while; between the thresholds it stays", () => {
  assert.deepEqual(run([11, 11, 11, 11, 9, 9, 9, 9, 8, 8, 8]).slice(3), [true, true, true, true, true, true, true, false]);
});

test("a rule without a while judges the newest value alone", () => {
  const rule = { ...RULE, for_seconds: 0, clear_seconds: 0 };
  assert.deepEqual(run([1, 11, 8, 11], rule), [false, true, false, true]);
});

test("a rule may be about values that are too low", () => {
  const rule: Condition = { ...RULE, comparison: "below", threshold: 3, clear_threshold: 5, for_seconds: 10, clear_seconds: 0 };
  assert.deepEqual(run([2, 2, 4, 5], rule), [false, true, true, false]);
});

test("a gap in which nothing was measured opens nothing", () => {
  const values = [...series([11, 11]), { at: 200_000, value: 11 }];
  assert.equal(judgeLast(values, false), false);
});

test("what was bad for a moment and is measured no more opens nothing later", () => {
  const values = [{ at: 0, value: 11 }];
  for (let now = 0; now <= 120_000; now += STEP) assert.equal(judgeLast(values, false, RULE, now), false, `after ${now} ms`);
});

test("an alarm without values ends, but not while this process has just begun to measure", () => {
  const old = series([11, 11, 11, 11]);
  assert.equal(judgeLast(old, true, RULE, 30_000 + 90_001), false);
  assert.equal(judgeRule(RULE, old, { isOpen: true, now: 1e6, staleMs: 90_000, keepsWithoutValues: true }), true);
  assert.equal(judgeRule(RULE, [], { isOpen: false, now: 1e6, staleMs: 90_000, keepsWithoutValues: true }), false);
});

test("an alarm is never open after a while of good values, nor closed after a while of bad ones, and changes no faster than that", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 5, max: 14 }), { maxLength: 80 }), (values) => {
      const states = run(values);
      let changedAt = Number.NEGATIVE_INFINITY;
      for (const [i, isOpen] of states.entries()) {
        const bad = i >= 3 && values.slice(i - 3, i + 1).every((value) => value > 10);
        const good = i >= 2 && values.slice(i - 2, i + 1).every((value) => value <= 8);
        if (bad) assert.equal(isOpen, true);
        if (good) assert.equal(isOpen, false);
        if (isOpen === (states[i - 1] ?? false)) continue;
        assert.ok(isOpen ? bad : good);
        assert.ok(i - changedAt >= 3 || !isOpen);
        changedAt = i;
      }
    }),
  );
});
