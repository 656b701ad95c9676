import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreFigures } from "./score-bins.ts";

const scored = (...points: readonly (number | null)[]) =>
  points.map((one) => ({ points: one, pointsOf: one === null ? null : 10 }));

test("candidates are counted by tenths of the points, those with all in the last", () => {
  const figures = scoreFigures(scored(0, 0.5, 1, 7, 9.5, 10, null));
  assert.deepEqual(figures?.bins, [2, 1, 0, 0, 0, 0, 0, 1, 0, 2]);
  assert.deepEqual([figures?.candidates, figures?.lowest, figures?.highest], [6, 0, 10]);
});

test("the median of an even number lies between the two in the middle", () => {
  assert.equal(scoreFigures(scored(1, 4, 2, 10))?.median, 3);
  assert.equal(scoreFigures(scored(1, 4, 2, 10))?.mean, 4.25);
});

test("without a graded attempt there are no figures", () => {
  assert.equal(scoreFigures(scored(null)), null);
});
