import assert from "node:assert/strict";
import { test } from "node:test";
import { SampleTimeline } from "./sample-timeline.ts";
import { SourceClock } from "./source-clock.ts";

const FRAME_MS = 1000 / 30;
/** Late by 10 to 60 ms, as a busy machine is; seldom by more. */
const delays = [10, 25, 60, 12, 40, 10, 33, 200, 15, 10];

test("two sources that count from different moments are brought together, whatever each frame's delay", () => {
  const [video, audio] = [new SourceClock(), new SourceClock()];
  for (let i = 0; i < 600; i++) {
    const captured = i * FRAME_MS;
    const frameTime = video.at((16_000_000 + captured) * 1000, captured + (delays[i % 10] ?? 0));
    const soundTime = audio.at(captured * 1000, captured + (delays[(i + 3) % 10] ?? 0));
    if (i > 20) assert.ok(Math.abs(frameTime - soundTime) < 3, `frame ${i}: ${frameTime} and ${soundTime}`);
  }
});

test("a first frame that comes late does not keep the source late", () => {
  const clock = new SourceClock();
  clock.at(0, 400);
  let time = 0;
  for (let i = 1; i < 60; i++) time = clock.at(i * FRAME_MS * 1000, i * FRAME_MS + 10);
  assert.ok(Math.abs(time - (59 * FRAME_MS + 10)) < 2, `${time}`);
});

test("time never goes back, also when the source begins to count again", () => {
  const clock = new SourceClock();
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < 300; i++) {
    const counted = i < 150 ? i * FRAME_MS : (i - 150) * FRAME_MS;
    const time = clock.at(counted * 1000, i * FRAME_MS + (delays[i % 10] ?? 0));
    assert.ok(time >= last, `frame ${i}`);
    last = time;
  }
  assert.ok(last > 290 * FRAME_MS, `${last}`);
});

test("packets of sound have the times of their samples, after a gap as well", () => {
  const line = new SampleTimeline();
  let given = 0;
  for (let i = 0; i < 100; i++) {
    line.take(1000 + i * 10, 10);
    if (i % 2 === 1) given = line.give(20);
  }
  assert.ok(Math.abs(given - 1980) < 2, `${given}`);
  for (let i = 0; i < 10; i++) line.take(7000 + i * 10, 10);
  assert.ok(Math.abs(line.give(20) - 7000) < 2);
});

test("a sound card whose second is longer stays with the picture", () => {
  const line = new SampleTimeline();
  let time = 0;
  // 200 parts in a million: 720 ms in an hour.
  for (let i = 0; i < 360_000; i++) {
    line.take(i * 10 * 1.0002, 10);
    time = line.give(10);
  }
  assert.ok(Math.abs(time - 359_999 * 10 * 1.0002) < 20, `${time}`);
});
