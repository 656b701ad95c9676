import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ManualClock } from "../../../platform/clock.ts";
import { Interleaver } from "./interleaver.ts";

type Item = { readonly time: number; readonly track: string };
const at = (track: string, time: number): Item => ({ track, time });

function setUp() {
  const clock = new ManualClock();
  const out: Item[] = [];
  return { clock, out, interleaver: new Interleaver<Item>(clock, (item) => out.push(item)) };
}

test("a publisher that sends in order is not held back at all", () => {
  const { out, interleaver } = setUp();
  for (const time of [0, 20, 40, 60]) {
    interleaver.push(at("audio", time));
    assert.equal(out.at(-1)?.time, time);
  }
  assert.equal(interleaver.delay, 0);
});

test("disorder is learnt from its first frame on, and put right from then", () => {
  const { out, interleaver } = setUp();
  for (let time = 0; time < 1000; time += 40) {
    interleaver.push(at("video", time + 60));
    interleaver.push(at("audio", time));
  }
  interleaver.flush();
  const times = out.slice(3).map((item) => item.time);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  assert.equal(interleaver.delay, 60);
});

test("a track that falls silent is waited for no longer than the disorder that was seen", () => {
  const { clock, out, interleaver } = setUp();
  interleaver.push(at("video", 100));
  interleaver.push(at("audio", 20));
  interleaver.push(at("video", 140));
  assert.ok(!out.some((item) => item.time === 140));
  clock.advance(80);
  assert.equal(out.at(-1)?.time, 140);
});

test("a single disorder holds frames for some seconds, not for the rest of the source", () => {
  const { out, interleaver } = setUp();
  interleaver.push(at("video", 1000));
  interleaver.push(at("audio", 940));
  assert.equal(interleaver.delay, 60);
  const sent: Item[] = [];
  for (let time = 1020; time < 30_000; time += 20) {
    sent.push(at(time % 40 === 0 ? "video" : "audio", time));
    interleaver.push(sent.at(-1)!);
  }
  assert.equal(interleaver.delay, 0);
  assert.deepEqual(out.slice(2), sent, "no frame may be lost or turned round when the hold ends");
  const next = at("audio", 30_000);
  interleaver.push(next);
  assert.equal(out.at(-1), next);
});

test("a disorder that comes again and again is put right all the time", () => {
  const { out, interleaver } = setUp();
  for (let time = 0; time < 60_000; time += 40) {
    interleaver.push(at("video", time + 60));
    // In order for four seconds of each five.
    interleaver.push(at("audio", time % 5000 < 1000 ? time : time + 60));
  }
  const times = out.slice(3).map((item) => item.time);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
});

test("frames are never held for more than 100 ms of media, and never lost, doubled or turned round within a track", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("audio", "video"), fc.nat({ max: 400 })), { maxLength: 200 }), (steps) => {
      const { out, interleaver } = setUp();
      const clocks: Record<string, number> = { audio: 0, video: 0 };
      const sent = steps.map(([track, delta]) => at(track, (clocks[track] = (clocks[track] ?? 0) + delta)));
      let newest = 0;
      for (const item of sent) {
        interleaver.push(item);
        newest = Math.max(newest, item.time);
        const held = sent.slice(0, sent.indexOf(item) + 1).filter((other) => !out.includes(other));
        for (const other of held) assert.ok(newest - other.time <= 100);
      }
      interleaver.flush();
      for (const track of ["audio", "video"]) {
        assert.deepEqual(
          out.filter((item) => item.track === track),
          sent.filter((item) => item.track === track),
        );
      }
    }),
  );
});
