import assert from "node:assert/strict";
import { test } from "node:test";
import { barOf, isHeard } from "./volume.ts";

test("the bar is empty in silence, in the middle at -30 dB and full at full scale", () => {
  assert.deepEqual([0, 0.001, 1, 2].map(barOf), [0, 0, 1, 1]);
  assert.ok(Math.abs(barOf(10 ** (-30 / 20)) - 0.5) < 1e-9);
});

test("a voice is heard, the noise of a room is not", () => {
  assert.deepEqual([0, 0.002, 0.05].map(isHeard), [false, false, true]);
});
