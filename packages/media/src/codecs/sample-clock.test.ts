import assert from "node:assert/strict";
import { test } from "node:test";
import { SampleClock } from "./sample-clock.ts";

test("times rounded to milliseconds become exact again", () => {
  const clock = new SampleClock();
  for (let i = 0; i < 1000; i++) assert.equal(clock.place(Math.round((i * 1024) / 44.1), 44100, 1024), i * 1024);
});

test("missing sound leaves a hole where it was missing, instead of pulling all that follows forward", () => {
  const clock = new SampleClock();
  clock.place(0, 48000, 1024);
  assert.equal(clock.place(500, 48000, 1024), 24_000);
  assert.equal(clock.position, 25_024);
});

test("sound that began 40 ms off comes to its time within 20 s, by no more than a share of a frame at once", () => {
  const clock = new SampleClock();
  clock.place(0, 48_000, 960);
  const apart = (i: number) => clock.place(i * 20 - 40, 48_000, 960) - (i * 20 - 40) * 48;
  let before = apart(1);
  for (let i = 2; i < 1000; i++) {
    const now = apart(i);
    assert.ok(Math.abs(now - before) <= 2, `${now - before} samples at once`);
    before = now;
  }
  assert.ok(before <= 10 * 48, `${before / 48} ms are left`);
});

test("a publisher's jitter moves nothing", () => {
  const clock = new SampleClock();
  for (let i = 0; i < 500; i++) assert.equal(clock.place(i * 20 + (i % 2 ? 9 : -9) * (i > 0 ? 0.5 : 0), 48_000, 960), i * 960);
});
