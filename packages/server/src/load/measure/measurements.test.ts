import assert from "node:assert/strict";
import { test } from "node:test";
import { Measurements } from "./measurements.ts";

test("latencies have their quantiles, of the test and of the second", () => {
  const measurements = new Measurements();
  for (let i = 1; i <= 100; i++) measurements.latency("join", i);
  const second = measurements.takeSecond();
  assert.deepEqual([second.p99("join"), second.count("join"), second.p99("room")], [99, 100, null]);
  measurements.latency("join", 1000);
  assert.equal(measurements.takeSecond().p99("join"), 1000, "another second has its own");
  assert.deepEqual(measurements.stepFigures(), { join: { count: 101, p50: 51, p95: 96, p99: 100, max: 1000 } });
});

test("failures are counted by step and code, and refusals are the server's", () => {
  const measurements = new Measurements();
  measurements.failure("join", "too-many");
  measurements.failure("join", "too-many");
  measurements.failure("watch", "ECONNRESET");
  assert.deepEqual(measurements.failureList(), [
    { step: "join", code: "too-many", isRefusal: true, count: 2 },
    { step: "watch", code: "ECONNRESET", isRefusal: false, count: 1 },
  ]);
});
