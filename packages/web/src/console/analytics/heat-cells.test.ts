import assert from "node:assert/strict";
import { test } from "node:test";
import { heatCells, hottest } from "./heat-cells.ts";

test("each minute is a cell, as hot as it was played; the last ends with the recording", () => {
  const cells = heatCells([1, 4, 2], 150);
  assert.deepEqual(
    cells.map(({ fromSeconds, toSeconds, heat }) => [fromSeconds, toSeconds, heat]),
    [
      [0, 60, 0.25],
      [60, 120, 1],
      [120, 150, 0.5],
    ],
  );
  assert.equal(hottest(cells)?.fromSeconds, 60);
});

test("a long recording has means of several minutes, and one that nobody played has no hottest part", () => {
  const cells = heatCells(
    Array.from({ length: 241 }, (_, i) => i % 2),
    241 * 60,
  );
  assert.deepEqual([cells.length, cells[0]?.toSeconds, cells.at(-1)?.toSeconds], [81, 180, 241 * 60]);
  assert.equal(hottest(heatCells([0, 0], 120)), null);
  assert.deepEqual(heatCells([], 0), []);
});
