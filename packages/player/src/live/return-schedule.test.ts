import assert from "node:assert/strict";
import { test } from "node:test";
import { ReturnSchedule } from "./return-schedule.ts";

/** After how many milliseconds it is due, in steps of 500. */
function dueAfter(schedule: ReturnSchedule, now: number): number {
  for (let passed = 0; passed <= 600_000; passed += 500) if (schedule.isDue(now + passed)) return passed;
  return Number.POSITIVE_INFINITY;
}

test("nothing is due before a failure", () => {
  assert.equal(dueAfter(new ReturnSchedule(), 0), Number.POSITIVE_INFINITY);
});

test("pauses double with each failure, to two minutes, and are spread by chance", () => {
  const schedule = new ReturnSchedule(() => 0);
  const pauses = [0, 1, 2, 3, 4, 5].map((i) => {
    schedule.failed("network", i * 1e6);
    return dueAfter(schedule, i * 1e6);
  });
  assert.deepEqual(pauses, [8000, 16_000, 32_000, 64_000, 120_000, 120_000]);
  const late = new ReturnSchedule(() => 1);
  late.failed("network", 0);
  assert.equal(dueAfter(late, 0), 12_000);
});

test("what played for a while is tried again at once, and its pauses begin again", () => {
  const schedule = new ReturnSchedule(() => 0);
  for (let i = 0; i < 5; i++) schedule.failed("network", i);
  schedule.began(100_000);
  assert.equal(dueAfter(schedule, 100_000), Number.POSITIVE_INFINITY);
  schedule.failed("network", 130_000);
  assert.equal(dueAfter(schedule, 130_000), 500);
  schedule.failed("network", 140_000);
  assert.equal(dueAfter(schedule, 140_000), 16_000);
  schedule.began(200_000);
  schedule.failed("network", 201_000);
  assert.equal(dueAfter(schedule, 201_000), 32_000, "a moment of playing is none");
});

test("a server without room is left alone for a minute", () => {
  const schedule = new ReturnSchedule(() => 0);
  schedule.failed("busy", 0);
  assert.equal(dueAfter(schedule, 0), 60_000);
});

test("a lesson that had not begun is tried as soon as it plays; a server that has no WHEP is not asked for ever", () => {
  const schedule = new ReturnSchedule(() => 0);
  schedule.failed("not-live", 0);
  assert.equal(dueAfter(schedule, 0), 500);
  schedule.failed("not-live", 1000);
  assert.equal(dueAfter(schedule, 1000), 16_000);
});
