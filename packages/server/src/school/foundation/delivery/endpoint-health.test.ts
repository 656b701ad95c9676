/** When webhooks pause, and for how long. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FAILURES_BEFORE_PAUSE, healthOf, pauseUntil } from "./endpoint-health.ts";

const NOW = 1_800_000_000_000;

test("a webhook pauses after five failures in a row, for 30 s, 1 min, 5 min, 15 min and then always for an hour", () => {
  assert.equal(pauseUntil(FAILURES_BEFORE_PAUSE - 1, NOW), null);
  const seconds = [5, 6, 7, 8, 9, 10, 500].map((failures) => (Number(pauseUntil(failures, NOW)) - NOW) / 1000);
  assert.deepEqual(seconds, [30, 60, 300, 900, 3600, 3600, 3600]);
});

test("its health is that of its last attempts", () => {
  assert.deepEqual(
    [0, 1, 4, 5, 50].map((failures) => healthOf({ failures })),
    ["working", "failing", "failing", "paused", "paused"],
  );
});
