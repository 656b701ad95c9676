import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import { audioFrame, videoFrame } from "../synthetic-source.ts";
import type { SourceFrame } from "./source.ts";
import { TrackDetection } from "./track-detection.ts";

function setUp() {
  const clock = new ManualClock();
  const begun: { frames: number[]; earliest: number }[] = [];
  const start = new TrackDetection<{ frame: SourceFrame }>(clock, (held, earliest) => {
    begun.push({ frames: held.map((item) => item.frame.timestamp), earliest });
  });
  const push = (frame: SourceFrame) => start.push({ frame });
  return { clock, begun, start, push };
}

test("it begins as soon as both tracks are there, at the earliest of them", () => {
  const { begun, push } = setUp();
  push(videoFrame(1040, true));
  push(audioFrame(1000));
  assert.deepEqual(begun, [{ frames: [1040, 1000], earliest: 1000 }]);
});

test("a single track begins after 500 ms, or when it has sent as much", () => {
  const { clock, begun, push } = setUp();
  push(audioFrame(0));
  clock.advance(499);
  assert.equal(begun.length, 0);
  clock.advance(1);
  assert.equal(begun.length, 1);

  const fast = setUp();
  for (let time = 0; time <= 500; time += 20) fast.push(audioFrame(time));
  assert.equal(fast.begun.length, 1);
});

test("frames before the first key frame are left out", () => {
  const { begun, push } = setUp();
  push(videoFrame(0, false));
  push(videoFrame(40, true));
  push(audioFrame(30));
  assert.deepEqual(begun[0]?.frames, [40, 30]);
});

test("the earliest is found across the wrap", () => {
  const { begun, push } = setUp();
  push(videoFrame(10, true));
  push(audioFrame(-20));
  assert.equal(begun[0]?.earliest, -20 >>> 0);
});

test("a source that ends before it has begun begins with what there is", () => {
  const { begun, push, start } = setUp();
  push(audioFrame(5));
  start.finish();
  start.finish();
  assert.deepEqual(begun, [{ frames: [5], earliest: 5 }]);
});
