import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Timeline, type Track } from "./timeline.ts";

function repaired(messages: readonly (readonly [Track, number])[], first = messages[0]?.[1] ?? 0): number[] {
  const timeline = new Timeline();
  timeline.beginSource(first);
  return messages.map(([track, timestamp]) => timeline.repair(track, timestamp >>> 0) ?? Number.NaN);
}
const video = (...times: number[]) => times.map((time) => ["video", time] as const);

test("time starts at 0 wherever the publisher's clock starts", () => {
  assert.deepEqual(repaired(video(5_000_000, 5_000_040, 5_000_080)), [0, 40, 80]);
});

test("the 32-bit wrap is not noticed", () => {
  assert.deepEqual(repaired(video(0xffffffd8, 0, 40, 80)), [0, 40, 80, 120]);
});

test("a jump forward is closed: a frame follows the one before at its usual distance", () => {
  assert.deepEqual(repaired(video(0, 40, 80, 3_600_000, 3_600_040)), [0, 40, 80, 120, 160]);
});

test("a jump backward is closed, however small", () => {
  assert.deepEqual(repaired(video(1000, 1040, 1080, 580, 620, 660)), [0, 40, 80, 120, 160, 200]);
  assert.deepEqual(repaired(video(90_000, 90_040, 0, 40)), [0, 40, 80, 120]);
});

test("both tracks are moved by one jump together, and stay as far apart as they were", () => {
  const times = repaired([
    ["audio", 0],
    ["video", 0],
    ["audio", 20],
    ["video", 40],
    ["audio", 40],
    ["video", 500_080],
    ["audio", 500_060],
    ["audio", 500_080],
    ["video", 500_120],
  ]);
  const [a, b, c] = [times[5]!, times[6]!, times[8]!];
  assert.equal(c - a, 40);
  assert.equal(a - b, 20);
  assert.ok(a >= 80 && a <= 140);
});

test("what was in flight on the other track when the clock jumped is read by the clock before, and then follows", () => {
  const times = repaired([
    ["audio", 100_000],
    ["video", 100_000],
    ["audio", 100_020],
    ["video", 100_040],
    ["video", 0],
    ["audio", 100_040],
    ["video", 40],
    ["audio", 20],
    ["audio", 40],
  ]);
  assert.deepEqual([times[4], times[6]], [80, 120]);
  assert.equal(times[5], 40);
  // On the new clock 20 lies between the pictures of 0 and 40.
  assert.deepEqual([times[7], times[8]], [100, 120]);
});

test("tracks with clocks of their own, as some recorders have, stay as far apart as they were for hours", () => {
  const timeline = new Timeline();
  timeline.beginSource(7);
  let first = 0;
  let last = 0;
  for (let i = 0; i < 90_000; i++) {
    const audio = timeline.repair("audio", 3_000_000_000 + i * 40) ?? Number.NaN;
    const video = timeline.repair("video", 7 + i * 40) ?? Number.NaN;
    if (i === 10) first = audio - video;
    last = audio - video;
  }
  assert.equal(last, first);
  assert.ok(timeline.jumps <= 1);
});

/** Flashes of a picture and beeps, each second of the publisher's clock: where they are in the stream. @param late when a frame comes, by its track and time */
function flashesAndBeeps(seconds: number, late: (track: Track, at: number) => number) {
  const frames = (["video", "audio"] as const).flatMap((track) =>
    Array.from({ length: Math.ceil((seconds * 1000) / (track === "video" ? 40 : 20)) }, (_, n) => {
      const at = n * (track === "video" ? 40 : 20);
      return { track, at, comes: late(track, at) };
    }),
  );
  const timeline = new Timeline();
  timeline.beginSource(0);
  const marks: Record<Track, Map<number, number>> = { video: new Map(), audio: new Map() };
  for (const { track, at } of frames.sort((one, other) => one.comes - other.comes)) {
    const time = timeline.repair(track, at);
    if (time !== null && at % 1000 === 0) marks[track].set(at, time);
  }
  return { end: timeline.end, marks };
}
const burst = (milliseconds: number) => (at: number) => Math.ceil(at / milliseconds) * milliseconds;

test("a track that is held up and comes in bursts makes the stream no longer, and flash and beep stay together", () => {
  for (const held of ["audio", "video"] as const)
    for (const every of [1600, 2000, 3000, 7000]) {
      const comes = burst(every);
      const { end, marks } = flashesAndBeeps(141, (track, at) => (track === held ? comes(at) : at));
      const name = `${held} in bursts of ${every} ms`;
      assert.ok(Math.abs(end - 141_000) <= 1000, `${name}: ${end} ms`);
      const other = held === "audio" ? "video" : "audio";
      for (const [at, time] of marks[other]) assert.ok(Math.abs(time - at) <= 20, `${name}: ${other} of ${at} at ${time}`);
      // What was not too late is where it belongs.
      const inPlace = [...marks[held]].filter(([at, time]) => Math.abs(time - at) <= 20);
      assert.ok(inPlace.length > 25, `${name}: ${inPlace.length} in their places`);
    }
});

/** Later and later, and then in time again, as by an encoder that has too little of a processor for a while. */
function sawtooth(period: number, most: number) {
  let newest = 0;
  return (at: number): number => {
    const part = (at % period) / period;
    // None comes before the one that it follows.
    newest = Math.max(newest + 1, at + (part < 0.8 ? (part / 0.8) * most : ((1 - part) / 0.2) * most));
    return newest;
  };
}

test("a track that falls behind frame by frame and catches up makes the stream no longer", () => {
  for (const held of ["audio", "video"] as const)
    for (const [period, most, leastInSlot] of [
      [20_000, 1800, 25],
      [20_000, 3000, 25],
      [10_000, 4000, 25],
      // It is moved meanwhile, and moved back.
      [40_000, 9000, 5],
    ] as const) {
      const comes = sawtooth(period, most);
      const { end, marks } = flashesAndBeeps(141, (track, at) => (track === held ? comes(at) : at));
      const name = `${held}, up to ${most} ms in ${period} ms`;
      assert.ok(Math.abs(end - 141_000) <= 1000, `${name}: ${end} ms`);
      const other = held === "audio" ? "video" : "audio";
      for (const [at, time] of marks[other]) assert.ok(Math.abs(time - at) <= 1000, `${name}: ${other} of ${at} at ${time}`);
      // What was not too late is where it belongs.
      const inPlace = [...marks[held]].filter(([at, time]) => Math.abs(time - at) <= 20);
      assert.ok(inPlace.length >= leastInSlot, `${name}: ${inPlace.length} in their places`);
    }
});

test("a track that never catches up is moved, and its sound is heard again", () => {
  const { end, marks } = flashesAndBeeps(60, (track, at) => (track === "audio" && at >= 20_000 ? at + 4000 : at));
  assert.ok(Math.abs(end - 60_000) < 5000, `${end} ms`);
  assert.ok([...marks.audio.keys()].filter((at) => at > 31_000).length > 20);
});

test("clocks that drift apart are put together again without a loss of sound", () => {
  const { marks } = flashesAndBeeps(300, (track, at) => (track === "audio" ? at * 1.01 : at));
  assert.ok(marks.audio.size >= 299, `${marks.audio.size} beeps`);
});

test("a slow source of still pictures keeps its pace, once it has shown it", () => {
  const times = repaired(video(0, 5000, 10_000, 15_000, 20_000));
  assert.deepEqual(
    times.slice(2).map((time, i) => time - times[i + 1]!),
    [5000, 5000, 5000],
  );
});

test("a new source goes on where the last one ended", () => {
  const timeline = new Timeline();
  timeline.beginSource(0);
  for (const time of [0, 40, 80]) timeline.repair("video", time);
  timeline.beginSource(777_000);
  assert.equal(timeline.repair("video", 777_000), 120);
  assert.equal(timeline.repair("video", 777_040), 160);
});

test("whatever the clock does, time never goes backward in a track and never leaves a hole over a second", () => {
  const step = fc.tuple(
    fc.constantFrom<Track>("video", "audio"),
    fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 60 }) },
      { weight: 1, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
    ),
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 200 }), fc.integer({ min: 0, max: 0xffffffff }), (steps, first) => {
      let clock = first;
      const messages = steps.map(([track, delta]) => {
        clock = (clock + delta) >>> 0;
        return [track, clock] as const;
      });
      const times = repaired(messages, first);
      const last: Record<Track, number> = { video: 0, audio: 0 };
      let reached = 0;
      times.forEach((time, i) => {
        const track = messages[i]![0];
        assert.ok(time >= last[track], "backward");
        assert.ok(time - reached <= 15_000, "a hole");
        last[track] = time;
        reached = Math.max(reached, time);
      });
    }),
  );
});
