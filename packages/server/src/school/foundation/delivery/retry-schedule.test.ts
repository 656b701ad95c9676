/** The retry schedule of webhook deliveries: every failure waits longer, and the last one makes a dead letter. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nextStep, RETRY_DELAYS_MS } from "./retry-schedule.ts";

const NOW = 1_800_000_000_000;
const FAILED = { status: 500, error: "status 500" };

test("a failed delivery is sent again after 5 s, 30 s, 2 min, 10 min, 1 h, 6 h and 24 h", () => {
  const seconds = RETRY_DELAYS_MS.map((_, attempts) => {
    const step = nextStep(attempts, FAILED, NOW);
    return step.state === "pending" ? (step.next_at.getTime() - NOW) / 1000 : null;
  });
  assert.deepEqual(seconds, [5, 30, 120, 600, 3600, 21_600, 86_400]);
});

test("one failure more makes it a dead letter", () => {
  assert.deepEqual(nextStep(RETRY_DELAYS_MS.length, FAILED, NOW), { state: "dead", done_at: new Date(NOW) });
});

test("a success ends it, after however many failures", () => {
  for (const attempts of [0, RETRY_DELAYS_MS.length])
    assert.deepEqual(nextStep(attempts, { status: 204, error: null }, NOW), { state: "delivered", done_at: new Date(NOW) });
});
