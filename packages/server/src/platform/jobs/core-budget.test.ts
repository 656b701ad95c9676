/** Free cores by measurement, and the order of jobs that wait for them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../clock.ts";
import { CoreBudget } from "./core-budget.ts";
import { type WaitingJob, WaitingJobs } from "./waiting-jobs.ts";

/** A machine of four cores, of which so many are busy. */
function machine(busyCores: number) {
  const clock = new ManualClock();
  const state = { busyCores, busy: 0, total: 0 };
  const room = new CoreBudget({ clock, cores: 4, sample: () => ({ busy: state.busy, total: state.total }) });
  const pass = (seconds: number): void => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      state.busy += state.busyCores * 1000;
      state.total += 4000;
      room.measure();
    }
  };
  return { room, pass, state };
}

test("before the first measurement nothing is free, then what is idle except for the reserve", () => {
  const { room, pass } = machine(1);
  assert.equal(room.free, 0);
  pass(1);
  assert.ok(Math.abs(room.free - 2.6) < 0.01, String(room.free));
  assert.ok(Math.abs(room.most - 3.6) < 0.01);
});

test("a job that has begun counts at once, and later as it is measured", () => {
  const { room, pass, state } = machine(0);
  pass(5);
  room.begin("a", 1.5);
  assert.ok(Math.abs(room.free - 2.1) < 0.01, String(room.free));
  state.busyCores = 1;
  pass(30);
  assert.ok(Math.abs(room.free - 2.6) < 0.05, `it needs less than was reckoned: ${room.free}`);
});

test("a busy machine has no room, and a short burst does not count as busy", () => {
  const { room, pass, state } = machine(4);
  pass(10);
  assert.equal(room.free, 0);
  state.busyCores = 0.5;
  pass(30);
  state.busyCores = 4;
  pass(1);
  assert.ok(room.free > 1.5, String(room.free));
});

test("the first is the one of higher priority, then of the school with fewer jobs, then the oldest; who stops asking is forgotten", () => {
  const clock = new ManualClock();
  const waiting = new WaitingJobs<WaitingJob>(clock);
  const running: Readonly<Record<string, number>> = { a: 2, b: 0 };
  const first = () => waiting.first((school) => running[school] ?? 0)?.key;
  waiting.ask({ key: "a1", priority: 1, school: "a", cores: 1 });
  clock.advance(1000);
  waiting.ask({ key: "b1", priority: 1, school: "b", cores: 3 });
  waiting.ask({ key: "b2", priority: 1, school: "b", cores: 1 });
  assert.equal(first(), "b1", "school b has none running");
  clock.advance(1000);
  waiting.ask({ key: "urgent", priority: 0, school: "a", cores: 1 });
  assert.equal(first(), "urgent");
  waiting.remove("urgent");
  clock.advance(15_000);
  waiting.ask({ key: "b1", priority: 1, school: "b", cores: 3 });
  assert.equal(first(), "b1", "asking again keeps its place");
  clock.advance(10_000);
  assert.equal(first(), "b1");
  assert.equal(waiting.list().length, 1, "the others were not asked for again");
  clock.advance(20_001);
  assert.equal(first(), undefined);
});
