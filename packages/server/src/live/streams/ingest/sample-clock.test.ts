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
