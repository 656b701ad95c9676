/** The model of a viewer's playback: stalls, lost media, and what is buffered. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PlaybackModel } from "./playback-model.ts";

/** Frames of 25 a second, each arriving when it is due, plus a delay. */
function play(model: PlaybackModel, frames: number, delay: (frame: number) => number): void {
  for (let i = 0; i < frames; i++) model.frame(1000 + i * 40 + delay(i), i * 40);
}

test("frames that come in time play without a stall", () => {
  const model = new PlaybackModel();
  play(model, 250, () => 0);
  assert.deepEqual(model.look(1000 + 249 * 40), { stalls: 0, stallMs: 0, lostMs: 0, bufferMs: 40 });
});

test("batches of 200 ms are no stalls", () => {
  const model = new PlaybackModel();
  play(model, 250, (i) => 200 - ((i * 40) % 200));
  assert.equal(model.look(1000 + 250 * 40).stalls, 0);
});

test("a pause of the server is a stall of its length, without what was buffered", () => {
  const model = new PlaybackModel();
  // The first second comes at once, as to a joiner.
  for (let i = 0; i <= 25; i++) model.frame(1000, i * 40);
  model.frame(5000, 1040);
  const { stalls, stallMs } = model.look(5000);
  assert.deepEqual([stalls, stallMs], [1, 3000]);
});

test("a stall that lasts counts up to now", () => {
  const model = new PlaybackModel();
  model.frame(0, 0);
  assert.deepEqual(model.look(2500), { stalls: 1, stallMs: 2500, lostMs: 0, bufferMs: 0 });
});

test("a gap in the times is lost media; another time base is not", () => {
  const model = new PlaybackModel();
  model.frame(0, 1000);
  model.frame(40, 1040);
  model.frame(80, 5040);
  assert.equal(model.look(80).lostMs, 4000);
  model.frame(120, 0);
  model.frame(160, 40);
  assert.equal(model.look(160).lostMs, 4000);
});

test("played, stalled and short waits add up to the time that passed, whatever comes when", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ wait: fc.nat(3000), media: fc.nat(450) }), { maxLength: 60 }), (arrivals) => {
      const model = new PlaybackModel();
      let [now, time] = [0, 0];
      model.frame(now, time);
      for (const { wait, media } of arrivals) {
        now += wait;
        time += media;
        model.frame(now, time);
      }
      const { stallMs, bufferMs, stalls } = model.look(now);
      const played = time - bufferMs;
      assert.ok(bufferMs >= 0 && played >= 0);
      const hidden = now - played - stallMs;
      assert.ok(hidden >= -1e-6 && hidden <= 300 * (arrivals.length + 1), `${hidden}`);
      assert.ok(stalls * 300 <= stallMs + 1e-6);
    }),
  );
});
