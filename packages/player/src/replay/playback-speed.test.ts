import assert from "node:assert/strict";
import { test } from "node:test";
import { nextSpeed } from "./playback-speed.ts";

test("a step goes to the neighbouring speed, stops at both ends, and starts from 1 at an unknown speed", () => {
  assert.deepEqual([nextSpeed(1, 1), nextSpeed(1, -1)], [1.25, 0.75]);
  assert.deepEqual([nextSpeed(2, 1), nextSpeed(0.5, -1)], [2, 0.5]);
  assert.equal(nextSpeed(1.1, 1), 1.25);
});
