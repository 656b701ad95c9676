import assert from "node:assert/strict";
import { test } from "node:test";
import { tileMove } from "./tile-moves.ts";

test("arrows move by tile and by row, and stop at the edges", () => {
  assert.deepEqual(tileMove("ArrowRight", 0, 4, 10), { to: 1 });
  assert.deepEqual(tileMove("ArrowDown", 1, 4, 10), { to: 5 });
  assert.deepEqual(tileMove("ArrowDown", 7, 4, 10), { to: 9 });
  assert.equal(tileMove("ArrowDown", 9, 4, 10), null);
  assert.equal(tileMove("ArrowUp", 2, 4, 10), null);
  assert.deepEqual(tileMove("End", 2, 4, 10), { to: 9 });
});

test("past the last and before the first tile the page turns, and other keys do nothing", () => {
  assert.equal(tileMove("ArrowRight", 9, 4, 10), "next-page");
  assert.equal(tileMove("ArrowLeft", 0, 4, 10), "previous-page");
  assert.equal(tileMove("PageDown", 3, 4, 10), "next-page");
  assert.equal(tileMove("m", 3, 4, 10), null);
});
