import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ManualClock } from "../../../platform/clock.ts";
import { Interleaver } from "./interleaver.ts";
import type { Track } from "./timeline.ts";

type Item = { readonly time: number; readonly track: Track };
const at = (track: Track, time: number): Item => ({ track, time });

function setUp() {
  const clock = new ManualClock();
  const out: Item[] = [];
  const interleaver = new Interleaver<Item>(clock, (item) => out.push(item));
  return { clock, out, interleaver, push: (item: Item) => interleaver.push(item, item.track) };
}

test("a publisher that sends in order is not held back at all", () => {
  const { out, interleaver, push } = setUp();
  for (const time of [0, 20, 40, 60]) {
    push(at("audio", time));
    assert.equal(out.at(-1)?.time, time);
  }
  assert.equal(interleaver.delay, 0);
});

test("disorder is learnt from its first frame on, and put right from then", () => {
  const { out, interleaver, push } = setUp();
  for (let time = 0; time < 1000; time += 40) {
    push(at("video", time + 60));
    push(at("audio", time));
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
  const { clock, out, push } = setUp();
  push(at("video", 100));
  push(at("audio", 20));
  push(at("video", 140));
  assert.ok(!out.some((item) => item.time === 140));
  clock.advance(80);
  assert.equal(out.at(-1)?.time, 140);
});

test("a single disorder holds frames for some seconds, not for the rest of the source", () => {
  const { out, interleaver, push } = setUp();
  push(at("video", 1000));
  push(at("audio", 940));
  assert.equal(interleaver.delay, 60);
  const sent: Item[] = [];
  for (let time = 1020; time < 30_000; time += 20) {
    sent.push(at(time % 40 === 0 ? "video" : "audio", time));
    push(sent.at(-1)!);
  }
  assert.equal(interleaver.delay, 0);
  assert.deepEqual(out.slice(2), sent, "no frame may be lost or turned round when the hold ends");
  const next = at("audio", 30_000);
  push(next);
  assert.equal(out.at(-1), next);
});

test("a disorder that comes again and again is put right all the time", () => {
  const { out, push } = setUp();
  let sound = 0;
  for (let time = 0; time < 60_000; time += 40) {
    push(at("video", time + 60));
    // In order for four seconds of each five.
    sound = Math.max(sound, time % 5000 < 1000 ? time : time + 60);
    push(at("audio", sound));
  }
  const times = out.slice(3).map((item) => item.time);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
});

test("frames are never held for more than 100 ms of media, and never lost, doubled or turned round within a track", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom<Track>("audio", "video"), fc.nat({ max: 400 })), { maxLength: 200 }), (steps) => {
      const { out, interleaver, push } = setUp();
      const clocks: Record<Track, number> = { audio: 0, video: 0 };
      const sent = steps.map(([track, delta]) => at(track, (clocks[track] += delta)));
      let newest = 0;
      for (const item of sent) {
        push(item);
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

test("sound that lags behind the picture goes on when it comes, and each picture when the sound has reached it", () => {
  const { clock, out, push } = setUp();
  const VIDEO = { everyMs: 50, lateMs: 10 };
  const AUDIO = { everyMs: 20, lateMs: 55 };
  const waits: Record<Track, number[]> = { audio: [], video: [] };
  const cameAt = new Map<Item, number>();
  for (let now = 0; now < 10_000; now++) {
    const before = out.length;
    clock.advance(1);
    for (const [track, { everyMs, lateMs }] of [
      ["video", VIDEO],
      ["audio", AUDIO],
    ] as const) {
      const time = now - lateMs;
      if (time < 0 || time % everyMs !== 0) continue;
      const item = at(track, time);
      cameAt.set(item, now);
      push(item);
    }
    for (const item of out.slice(before)) if (now > 1000) waits[item.track].push(now - (cameAt.get(item) ?? 0));
  }
  assert.equal(Math.max(...waits.audio), 0);
  // The sound of a time comes 45 ms after the picture of that time, and once in 20 ms.
  assert.ok(Math.max(...waits.video) <= AUDIO.lateMs - VIDEO.lateMs + AUDIO.everyMs);
  const times = out.slice(100).map(({ time }) => time);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
});

test("a frame that is held is not let go early because another one was held before it", () => {
  const { clock, out, push } = setUp();
  push(at("video", 100));
  push(at("audio", 20));
  push(at("video", 140));
  clock.advance(60);
  push(at("audio", 140));
  push(at("video", 180));
  clock.advance(40);
  push(at("audio", 160));
  assert.deepEqual(
    out.map(({ time }) => time),
    [100, 20, 140, 140, 160],
  );
  clock.advance(40);
  assert.equal(out.at(-1)?.time, 180);
});

test("sound that is up to 100 ms ahead of the picture goes on when it comes, and so does the picture", () => {
  const { out, interleaver, push } = setUp();
  for (let time = 0; time < 1000; time += 20) {
    const sent = [at("audio", time + 80), ...(time % 40 === 0 ? [at("video", time)] : [])];
    for (const item of sent) {
      push(item);
      assert.equal(out.at(-1), item);
    }
  }
  assert.equal(interleaver.delay, 0);
});

test("sound that is further ahead waits for the picture to come nearer", () => {
  const { out, push } = setUp();
  for (let time = 0; time < 2000; time += 20) {
    push(at("audio", time + 160));
    push(at("video", time));
  }
  const seen: Record<Track, number> = { audio: 0, video: 0 };
  for (const { track, time } of out.slice(10)) {
    seen[track] = time;
    assert.ok(seen.audio - seen.video <= 120, `sound of ${seen.audio} with a picture of ${seen.video}`);
  }
});
