/** The server's time on devices with wrong clocks, with manual clocks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerClock } from "./server-clock.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 2026-11-29. */
const BEGIN = 1_796_000_000_000;

/** A device whose clock is wrong by `error`, and a server that answers after `half` and is heard after another `half`. */
function world(error = 0) {
  const device = { server: BEGIN, monotonic: 5000, error };
  const clock = new ServerClock({ monotonic: () => device.monotonic, wall: () => device.server + device.error });
  let measured = 0;
  clock.measureBy(() => measured++);
  const pass = (ms: number): void => {
    device.server += ms;
    device.monotonic += ms;
  };
  return {
    device,
    clock,
    pass,
    measured: () => measured,
    wrongBy: () => Math.abs(clock.now() - device.server),
    /** The device sleeps; its monotonic clock stands still. */
    sleep: (ms: number) => {
      device.server += ms;
    },
    ask: (half = 40) => {
      const sentAt = clock.monotonic();
      pass(half);
      const earliest = device.server;
      pass(half);
      clock.take({ earliest, sentAt });
    },
    /** An answer by HTTP, whose date has whole seconds. */
    askDate: (half = 40) => {
      const sentAt = clock.monotonic();
      pass(half);
      const headers = new Headers({ date: new Date(device.server).toUTCString() });
      pass(half);
      clock.takeResponse({ headers }, sentAt);
    },
  };
}

test("before the first answer the device's clock counts, and nothing is sure", () => {
  const { clock, wrongBy, pass } = world(14 * MINUTE);
  assert.equal(wrongBy(), 14 * MINUTE);
  pass(SECOND);
  assert.equal(wrongBy(), 14 * MINUTE);
  assert.equal(clock.uncertainty, Number.POSITIVE_INFINITY);
});

for (const error of [14 * MINUTE, -14 * MINUTE, HOUR, -HOUR, DAY, -DAY])
  test(`a device whose clock is wrong by ${error / MINUTE} minutes has the server's time after one answer`, () => {
    const { clock, wrongBy, ask, pass } = world(error);
    ask();
    assert.ok(wrongBy() <= 40, `${wrongBy()} ms`);
    assert.ok(clock.uncertainty >= wrongBy() && clock.uncertainty < 50, `${clock.uncertainty} ms`);
    pass(HOUR);
    assert.ok(wrongBy() <= 40, `${wrongBy()} ms after an hour`);
    assert.ok(clock.uncertainty > 300 && clock.uncertainty < 500, "an hour of drift makes it less sure");
  });

for (const error of [14 * MINUTE, -14 * MINUTE, HOUR, -HOUR, DAY, -DAY])
  test(`a device's clock that is set by ${error / MINUTE} minutes while the page is open changes nothing, and the time is measured again`, () => {
    const { clock, device, wrongBy, measured, ask, pass } = world();
    let steps = 0;
    clock.onStep(() => steps++);
    ask();
    pass(MINUTE);
    device.error = error;
    clock.look();
    assert.equal(measured(), 1);
    assert.ok(wrongBy() <= 40, `${wrongBy()} ms`);
    assert.equal(clock.uncertainty, Number.POSITIVE_INFINITY);
    ask();
    assert.ok(wrongBy() <= 40 && clock.uncertainty < 50);
    assert.deepEqual([steps, measured()], [0, 1], "no step, and it is not measured twice");
  });

test("after two hours of sleep the time is measured, right with the first answer, and who waits for a time is told", () => {
  const { clock, wrongBy, measured, sleep, ask, pass } = world(HOUR);
  ask();
  pass(MINUTE);
  const told: number[] = [];
  clock.onStep(() => told.push(wrongBy()));
  sleep(2 * HOUR);
  clock.look();
  assert.equal(measured(), 1);
  ask();
  assert.ok(wrongBy() <= 40, `${wrongBy()} ms`);
  assert.equal(told.length, 1);
  assert.ok((told[0] ?? SECOND) <= 40, "the listener reads the right time");
});

test("spans of time go on while the device sleeps, and do not go back when its clock is set back", () => {
  const { clock, device, sleep, pass } = world();
  const before = clock.elapsed();
  pass(MINUTE);
  sleep(2 * HOUR);
  assert.equal(clock.elapsed() - before, 2 * HOUR + MINUTE);
  device.error = -DAY;
  pass(MINUTE);
  assert.equal(clock.elapsed() - before, 2 * HOUR + 2 * MINUTE);
});

test("the time never goes back by what is only another answer's delay", () => {
  const { clock, wrongBy, ask, pass } = world(DAY);
  ask(500);
  let last = 0;
  for (const half of [900, 40, 300, 5, 700, 1]) {
    for (let i = 0; i < 20; i++) {
      pass(10);
      const now = clock.now();
      assert.ok(now >= last, `${now} after ${last}`);
      last = now;
    }
    ask(half);
  }
  assert.ok(wrongBy() <= 10, `${wrongBy()} ms: quick answers count, slow ones change nothing`);
});

test("dates of whole seconds tell more together than each of them", () => {
  const { clock, wrongBy, askDate, pass } = world(-14 * MINUTE);
  askDate();
  assert.ok(wrongBy() <= 540, `${wrongBy()} ms`);
  for (let i = 0; i < 20; i++) {
    pass(3130);
    askDate();
  }
  assert.ok(clock.uncertainty < 250, `${clock.uncertainty} ms`);
  assert.ok(wrongBy() <= clock.uncertainty);
});

test("an answer that a cache has kept, or that has no date, says nothing", () => {
  const { clock } = world();
  const old = new Date(BEGIN - HOUR).toUTCString();
  clock.takeResponse({ headers: new Headers({ date: old, age: "3600" }) }, clock.monotonic());
  clock.takeResponse({ headers: new Headers() }, clock.monotonic());
  assert.equal(clock.uncertainty, Number.POSITIVE_INFINITY);
});

test("what the server says by itself bounds its time from below: it is right by the way of one message, after a sleep too", () => {
  const { clock, device, wrongBy, sleep, pass } = world(HOUR);
  const hear = (): void => {
    const earliest = device.server;
    pass(30);
    clock.take({ earliest, sentAt: null });
  };
  hear();
  assert.ok(wrongBy() <= 30, `${wrongBy()} ms`);
  sleep(2 * HOUR);
  hear();
  assert.ok(wrongBy() <= 30, `${wrongBy()} ms`);
});

test("a server whose own clock is set is followed", () => {
  const { clock, device, wrongBy, ask } = world();
  ask();
  device.server -= 10 * MINUTE;
  device.error += 10 * MINUTE;
  ask();
  assert.ok(wrongBy() <= 40, `${wrongBy()} ms`);
  assert.ok(clock.uncertainty < 50);
});

test("a library's time of the device is told by the server's clock", () => {
  const { clock, device, ask, pass } = world(14 * MINUTE);
  ask();
  const taken = device.server + device.error;
  pass(20 * SECOND);
  assert.ok(Math.abs(clock.now() - clock.ofDevice(taken) - 20 * SECOND) <= 1);
});
