import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { Statistics } from "./statistics.ts";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, RETENTION } from "./synthetic-source.ts";

/** Ten seconds of a lesson, pushed at its own pace; `skip` leaves out frames, `delay` shifts their arrival. */
function measured(skip: (time: number) => boolean, delay: (time: number) => number = () => 0) {
  const clock = new ManualClock();
  const statistics = new Statistics(clock);
  const { ingest } = ingestOf(clock, RETENTION, statistics);
  ingest.push(avcConfiguration());
  ingest.push(aacConfiguration);
  let now = 0;
  for (const frame of lesson(10)) {
    const due = frame.timestamp + delay(frame.timestamp);
    clock.advance(Math.max(0, due - now));
    now = Math.max(now, due);
    if (frame.track === "audio" || frame.key || !skip(frame.timestamp)) ingest.push(frame);
  }
  return { look: () => statistics.look(), clock };
}

test("a steady publisher: frame rate, key-frame interval, no jitter, no drops", () => {
  const health = measured(() => false).look();
  assert.ok(Math.abs(health.fps - 25) <= 1, `${health.fps} fps`);
  assert.equal(health.gopSeconds, 2);
  assert.equal(health.droppedFrames, 0);
  assert.ok(health.jitterMs < 2);
  assert.equal(health.health, "good");
  assert.ok(health.videoKbps > 10 && health.audioKbps > 5);
});

test("frames that the publisher left out are counted", () => {
  const health = measured((time) => time > 2000 && time % 1000 === 520).look();
  assert.equal(health.droppedFrames, 8);
});

test("uneven arrival is jitter, and makes the uplink poor", () => {
  const health = measured(
    () => false,
    (time) => (Math.floor(time / 1000) % 2 === 0 ? 0 : 1000 - (time % 1000)),
  ).look();
  assert.ok(health.jitterMs > 30, `${health.jitterMs} ms`);
  assert.notEqual(health.health, "good");
});

test("a publisher that has stopped is silent", () => {
  const { look, clock } = measured(() => false);
  clock.advance(8000);
  assert.equal(look().health, "silent");
  assert.equal(look().fps, 0);
});
