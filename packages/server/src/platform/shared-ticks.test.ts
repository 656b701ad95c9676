import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "./clock.ts";
import { SharedTicks } from "./shared-ticks.ts";

test("all that wait for the same interval are called in one round, each once", () => {
  const clock = new ManualClock();
  const rounds = new SharedTicks(clock);
  const called: string[] = [];
  const [a, b, c] = ["a", "b", "c"].map((name) => () => void called.push(name));
  rounds.wait(40, a!);
  clock.advance(30);
  rounds.wait(40, b!);
  rounds.wait(40, b!);
  rounds.wait(100, c!);
  clock.advance(10);
  assert.deepEqual(called, ["a", "b"]);
  clock.advance(90);
  assert.deepEqual(called, ["a", "b", "c"]);
  clock.advance(1000);
  assert.equal(called.length, 3);
});

test("a call that is made in a round may wait for the next one, and one that was called off is not made", () => {
  const clock = new ManualClock();
  const rounds = new SharedTicks(clock);
  let count = 0;
  const again = () => {
    count++;
    rounds.wait(40, again);
  };
  const never = () => assert.fail("was called off");
  rounds.wait(40, again);
  rounds.wait(40, never);
  rounds.leave(40, never);
  clock.advance(400);
  assert.equal(count, 10);
});

test("rounds that are ahead of something come at the same distance from it each time, whenever the waiting begins", () => {
  const clock = new ManualClock();
  const rounds = new SharedTicks(clock, { aheadMs: 6 });
  const times: number[] = [];
  for (const pause of [1, 30, 2, 39, 7]) {
    clock.advance(pause);
    rounds.wait(40, () => times.push((clock.monotonic() + 6) % 40));
    clock.advance(46);
  }
  assert.deepEqual(times, [0, 0, 0, 0, 0]);
});
