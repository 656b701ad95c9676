import assert from "node:assert/strict";
import { test } from "node:test";
import { COMPOSITE, MAX_TILES, tilePositionsOf, tilesOf } from "./composite-grid.ts";

const span = (from: number, to: number) => ({ from, to });

test("tiles are in the picture, do not overlap, are even, and fill most of it", () => {
  for (let count = 1; count <= MAX_TILES; count++) {
    const tiles = tilesOf(count);
    assert.equal(tiles.length, count);
    for (const [i, { x, y, width, height }] of tiles.entries()) {
      assert.ok([x, y, width, height].every((pixels) => pixels % 2 === 0 && pixels >= 0));
      assert.ok(x + width <= COMPOSITE.width && y + height <= COMPOSITE.height);
      for (const other of tiles.slice(i + 1))
        assert.ok(other.y >= y + height || other.x >= x + width || other.x + other.width <= x, `${count}: ${i}`);
    }
  }
  assert.deepEqual(tilesOf(1), [{ x: 0, y: 0, width: 1280, height: 720 }]);
  assert.deepEqual(tilesOf(3).at(-1), { x: 320, y: 360, width: 640, height: 360 });
  assert.deepEqual(tilesOf(0), []);
});

test("who returns has the same place; who has left for good gives it to somebody else; no more than 16 have one", () => {
  assert.deepEqual(
    tilePositionsOf([[span(0, 100), span(200, 300)], [span(10, 50)], [span(60, 90)], [span(250, 260)]]),
    [0, 1, 1, 1],
  );
  assert.deepEqual(tilePositionsOf([[]]), [null]);
  const all = tilePositionsOf(Array.from({ length: 18 }, () => [span(0, 10)]));
  assert.deepEqual(all.slice(15), [15, null, null]);
});
