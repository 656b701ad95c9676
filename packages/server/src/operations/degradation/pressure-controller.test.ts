import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SHEDDABLE_NAMES } from "../../contracts/degradation/sheddable.ts";
import { ManualClock } from "../../platform/clock.ts";
import { PressureController, type PressureLimits, type PressureSample } from "./pressure-controller.ts";

const LIMITS: PressureLimits = { "loop-delay": 80, database: 400, processor: 97, memory: 95 };
const IDLE: PressureSample = { "loop-delay": 1, database: 10, processor: 20, memory: 40 };
const SLOW: PressureSample = { ...IDLE, "loop-delay": 100 };
const STUCK: PressureSample = { ...IDLE, database: 5000 };
const BETWEEN: PressureSample = { ...IDLE, "loop-delay": 50 };
const BUSY: PressureSample = { ...IDLE, processor: 100 };

/** A controller that gets a sample each second of a clock that a test moves. */
function open(limits = LIMITS) {
  const clock = new ManualClock();
  const controller = new PressureController();
  const levels: number[] = [];
  const run = (sample: PressureSample, seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      if (controller.decide(sample, limits, clock.utc())) levels.push(controller.automatic.level);
    }
    return controller.automatic.level;
  };
  return { run, levels, clock, controller };
}

test("two pressed seconds in a row shed one step, one alone none, and never more than the list has", () => {
  const { run, controller, clock, levels } = open();
  for (let n = 0; n < 3; n++) assert.deepEqual([run(SLOW, 1), run(IDLE, 1)], [0, 0]);
  run(SLOW, 2);
  assert.deepEqual(controller.automatic, { level: 1, pressure: "loop-delay", since: clock.utc() });
  run(STUCK, 2);
  assert.deepEqual(controller.automatic, { level: 2, pressure: "database", since: clock.utc() });
  assert.equal(run(STUCK, 60), SHEDDABLE_NAMES.length);
  assert.deepEqual(
    levels,
    SHEDDABLE_NAMES.map((_, at) => at + 1),
    "one step at a time",
  );
});

test("steps come back one by one in reverse, each after ten relieved seconds in a row", () => {
  const { run, levels } = open();
  run(SLOW, 4);
  levels.length = 0;
  assert.equal(run(IDLE, 9), 2);
  assert.equal(run(BETWEEN, 1), 2);
  assert.equal(run(IDLE, 9), 2, "not in a row");
  assert.equal(run(IDLE, 1), 1);
  assert.equal(run(IDLE, 10), 0);
  assert.deepEqual(levels, [1, 0]);
});

test("what is neither relieved nor pressed changes nothing, however long", () => {
  const { run } = open();
  assert.equal(run(BETWEEN, 100), 0);
  run(SLOW, 2);
  assert.equal(run(BETWEEN, 100), 1);
});

test("busy processors alone shed everything but new people, a full memory sheds them too", () => {
  const { run } = open();
  assert.equal(run(BUSY, 60), SHEDDABLE_NAMES.indexOf("joins"));
  assert.equal(run({ ...BUSY, memory: 99 }, 2), SHEDDABLE_NAMES.length);
});

test("a limit of 0 is none", () => {
  const { run } = open({ ...LIMITS, processor: 0 });
  assert.equal(run(BUSY, 60), 0);
});

test("no measurement lowers the level by more than one, or twice within ten seconds", () => {
  const sample = fc.record({ "loop-delay": fc.nat(300), database: fc.nat(3000), processor: fc.nat(100), memory: fc.nat(100) });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
      const { run, controller } = open();
      let sinceDown = Number.POSITIVE_INFINITY;
      for (const one of samples) {
        const before = controller.automatic.level;
        const level = run(one, 1);
        sinceDown++;
        assert.ok(Math.abs(level - before) <= 1);
        if (level >= before) continue;
        assert.ok(sinceDown >= 10);
        sinceDown = 0;
      }
    }),
  );
});
