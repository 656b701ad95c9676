import assert from "node:assert/strict";
import { test } from "node:test";
import { bufferedAhead, waitsForMedia } from "./buffered-ahead.ts";

test("the buffer ahead is the range that holds the current time, without what comes after a gap", () => {
  const at = (currentTime: number, ...all: readonly (readonly [number, number])[]) =>
    bufferedAhead({
      currentTime,
      buffered: { length: all.length, start: (i: number) => all[i]![0], end: (i: number) => all[i]![1] },
    });
  assert.equal(at(5), 0);
  assert.equal(at(5, [0, 8]), 3);
  assert.equal(at(5, [0, 8], [10, 20]), 3);
  assert.equal(at(5, [0, 4], [5.2, 8]), 3);
  assert.equal(at(5, [0, 4], [6, 8]), 0);
});

test("a paused element waits for media until it has a frame after the first one", () => {
  const states = [0, 1, 2, 3, 4];
  assert.deepEqual(
    states.map((readyState) => waitsForMedia({ paused: true, readyState })),
    [true, true, true, false, false],
  );
  assert.equal(waitsForMedia({ paused: false, readyState: 0 }), false);
});
