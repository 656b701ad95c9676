import assert from "node:assert/strict";
import { test } from "node:test";
import { type Phase, type StallCause, ViewMeter } from "./view-meter.ts";

function open() {
  const meter = new ViewMeter(0);
  const look = (now: number, phase: Phase, cause: StallCause = "starved", isHeard = true) =>
    meter.look(now, { phase, isHeard, cause });
  return { meter, look };
}

test("what is watched, heard and stalled is counted from change to change", () => {
  const { meter, look } = open();
  look(500, "playing");
  look(2500, "playing", "starved", false);
  look(3000, "rebuffering");
  look(4200, "playing");
  assert.deepEqual(meter.take(5200), {
    intervalMs: 5200,
    watchedMs: 3500,
    heardMs: 3000,
    stalls: 1,
    stallMs: 1200,
    ended: [{ at: 3000, ms: 1200, cause: "starved" }],
  });
  assert.deepEqual(meter.take(6000), { intervalMs: 800, watchedMs: 800, heardMs: 800, stalls: 0, stallMs: 0, ended: [] });
});

test("a stall that goes on is counted as it goes on, and listed when it ends", () => {
  const { meter, look } = open();
  look(0, "playing");
  look(1000, "rebuffering");
  assert.deepEqual([meter.take(2000).stallMs, meter.take(3500).stallMs], [1000, 1500]);
  look(4000, "playing");
  const { stalls, stallMs, ended } = meter.take(4000);
  assert.deepEqual([stalls, stallMs, ended], [0, 500, [{ at: 1000, ms: 3000, cause: "starved" }]]);
});

test("a stall that becomes a reconnection is one stall, of that cause", () => {
  const { meter, look } = open();
  look(0, "playing");
  look(1000, "rebuffering");
  look(2000, "reconnecting");
  look(4500, "playing");
  const { stalls, ended } = meter.take(5000);
  assert.deepEqual([stalls, ended], [1, [{ at: 1000, ms: 3500, cause: "reconnecting" }]]);
});

test("neither a start, a pause nor a page that slept is watched or stalled", () => {
  const { meter, look } = open();
  look(900, "starting");
  look(1000, "playing");
  look(2000, "paused");
  look(2500, "playing");
  look(62_500, "playing");
  look(63_500, "playing");
  const { watchedMs, stallMs, stalls } = meter.take(63_500);
  assert.deepEqual([watchedMs, stallMs, stalls], [2000, 0, 0]);
});
