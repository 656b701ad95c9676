import assert from "node:assert/strict";
import { test } from "node:test";
import { type Measured, type Rung, RungChoice } from "./rung-choice.ts";

const RUNGS: readonly Rung[] = [
  { name: "math", kbps: 2500 },
  { name: "math@720p", kbps: 1500 },
  { name: "math@360p", kbps: 550 },
];
const [SOURCE, MIDDLE, SMALL] = RUNGS as readonly [Rung, Rung, Rung];
const GOOD: Measured = { kbps: 5000, loss: 0, behindMs: 0 };

/** What is chosen each second, from `at` on. */
function watch(choice: RungChoice, from: Rung, measured: Measured, seconds: number, at = 0): Rung[] {
  const chosen: Rung[] = [];
  let current = from;
  for (let second = 0; second < seconds; second++) {
    current = choice.choose(RUNGS, current, measured, (at + second) * 1000);
    chosen.push(current);
  }
  return chosen;
}

test("who has room for the source stays there", () => {
  assert.deepEqual([...new Set(watch(new RungChoice(), SOURCE, GOOD, 60))], [SOURCE]);
});

test("it goes down after a second, to the largest rung that fits, and not for a moment's drop", () => {
  const choice = new RungChoice();
  assert.equal(choice.choose(RUNGS, SOURCE, { ...GOOD, kbps: 1700 }, 0), SOURCE);
  assert.equal(choice.choose(RUNGS, SOURCE, GOOD, 500), SOURCE);
  assert.equal(choice.choose(RUNGS, SOURCE, { ...GOOD, kbps: 1700 }, 900), SOURCE);
  assert.equal(choice.choose(RUNGS, SOURCE, { ...GOOD, kbps: 1700 }, 1900), MIDDLE);
  assert.equal(new RungChoice().choose(RUNGS, SOURCE, { ...GOOD, kbps: 100 }, 0), SOURCE);
  assert.deepEqual(watch(new RungChoice(), SOURCE, { ...GOOD, kbps: 100 }, 2), [SOURCE, SMALL], "the smallest where none fits");
});

test("loss and a queue are trouble too, whatever the estimate says", () => {
  assert.equal(watch(new RungChoice(), SOURCE, { ...GOOD, loss: 0.2 }, 2).at(-1), MIDDLE);
  assert.equal(watch(new RungChoice(), SOURCE, { ...GOOD, behindMs: 1000 }, 2).at(-1), MIDDLE);
});

test("it goes up by one rung after eight stable seconds, and later after each attempt that failed", () => {
  const choice = new RungChoice();
  const up = (at: number): number => at + watch(choice, SMALL, GOOD, 200, at).indexOf(MIDDLE);
  const first = up(0);
  assert.equal(first, 8);
  // The larger rung is too much: down again.
  assert.equal(watch(choice, MIDDLE, { ...GOOD, kbps: 600 }, 3, first + 1).at(-1), SMALL);
  const second = up(first + 4);
  assert.ok(second - first - 4 >= 15, `tried again after ${second - first - 4} s`);
});

test("an estimate that only grows with what is sent is tried", () => {
  // REMB stays at about one and a half times what comes: 550 kbps.
  assert.equal(watch(new RungChoice(), SMALL, { ...GOOD, kbps: 800 }, 9).at(-1), MIDDLE);
  assert.equal(watch(new RungChoice(), SMALL, { ...GOOD, kbps: 600 }, 60).at(-1), SMALL);
});
