import assert from "node:assert/strict";
import { test } from "node:test";
import { GAP, LEAST_TILES, MOST_TILES, TILE_SIZES, wallLayout } from "./wall-layout.ts";

test("from a phone to a large screen there are 12 to 50 tiles, in whole rows where they are few", () => {
  for (const [width, height] of [
    [370, 600],
    [800, 1000],
    [1400, 700],
    [1880, 900],
    [2520, 1250],
    [5000, 2000],
  ] as const)
    for (const size of TILE_SIZES) {
      const { columns, tiles } = wallLayout(width, height, size);
      assert.ok(tiles >= LEAST_TILES && tiles <= MOST_TILES, `${width} ${size}: ${tiles}`);
      assert.ok(columns >= 2 && columns * 80 + GAP * (columns - 1) <= width, `${width} ${size}: ${columns} columns`);
    }
});

test("smaller tiles are more of them, until there are fifty", () => {
  for (const [width, height] of [
    [1000, 700],
    [1400, 700],
    [1880, 880],
  ] as const) {
    const [small, middle, large] = TILE_SIZES.map((size) => wallLayout(width, height, size).tiles) as [number, number, number];
    assert.ok(small > middle || small >= MOST_TILES - 6, `${width}: ${small}, ${middle}`);
    assert.ok(middle > large, `${width}: ${middle}, ${large}`);
  }
});
