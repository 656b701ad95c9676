import assert from "node:assert/strict";
import { test } from "node:test";
import { hasPart } from "./hls-parts.ts";

function ranges(...all: readonly (readonly [number, number])[]): TimeRanges {
  return { length: all.length, start: (i) => all[i]![0], end: (i) => all[i]![1] };
}

test("a part whose audio ends shortly before its video is buffered", () => {
  assert.equal(hasPart(ranges([16, 48.086]), { start: 47.699, end: 48.099 }), true);
  assert.equal(hasPart(ranges([16, 48.086]), { start: 47.299, end: 47.699 }), true);
});

test("a part that has not loaded, or was evicted, is not buffered", () => {
  assert.equal(hasPart(ranges([16, 48.086]), { start: 48.099, end: 48.499 }), false);
  assert.equal(hasPart(ranges([16, 47.7]), { start: 47.699, end: 48.099 }), false);
  assert.equal(hasPart(ranges([16, 48]), { start: 10, end: 10.4 }), false);
  assert.equal(hasPart(ranges([0, 10], [20, 30]), { start: 14, end: 14.4 }), false);
  assert.equal(hasPart(ranges([0, 10], [20, 30]), { start: 25, end: 25.4 }), true);
});
