/** What a timer shows at a time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { countedAt, leftAt, type Timer, timerOf } from "./timer.ts";
import { parseEntry } from "./wire.ts";

const NOW = Date.parse("2026-12-01T09:00:00Z");

function timerOfBody(body: object): Timer | null {
  const [entry] = parseEntry({ epoch: "e", seq: 1, kind: "timer", key: "timer", ...body });
  return timerOf(entry ?? null);
}

test("a timer that runs counts from its beginning; one that is paused stands", () => {
  const running: Timer = { length: 60_000, elapsed: 10_000, since: NOW };
  assert.deepEqual([countedAt(running, NOW), countedAt(running, NOW + 20_000)], [10_000, 30_000]);
  assert.deepEqual([leftAt(running, NOW + 20_000), leftAt(running, NOW + 60_000)], [30_000, -10_000]);
  const paused: Timer = { length: 60_000, elapsed: 10_000, since: null };
  assert.equal(leftAt(paused, NOW + 1e9), 50_000);
});

test("a stopwatch has nothing left, and no clock counts backwards", () => {
  const stopwatch: Timer = { length: null, elapsed: 0, since: NOW };
  assert.deepEqual([countedAt(stopwatch, NOW + 5000), leftAt(stopwatch, NOW + 5000)], [5000, null]);
  assert.equal(countedAt(stopwatch, NOW - 5000), 0);
});

test("an entry without a number of what was counted is no timer", () => {
  assert.equal(timerOf(null), null);
  assert.equal(timerOfBody({ length: 60_000, since: NOW }), null);
  assert.equal(timerOfBody({ deleted: true }), null);
  assert.deepEqual(timerOfBody({ length: "x", elapsed: 0, since: {} }), { length: null, elapsed: 0, since: null });
});
