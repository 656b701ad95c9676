import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { framesOf, PATTERN } from "../key-frame-patterns.ts";
import { Segmenter } from "./segmenter.ts";

const OPTIONS = { segmentMs: 2000, partMs: 400 };

function cuts(times: readonly number[], isKey: (time: number) => boolean, segmenter = new Segmenter(OPTIONS)) {
  return times.map((time) => ({ time, cut: segmenter.cutAt(time, isKey(time), false) })).filter(({ cut }) => cut !== null);
}
const every = (step: number, until: number) => Array.from({ length: Math.ceil(until / step) }, (_, i) => Math.round(i * step));

test("segments begin at the first key frame after their length, parts at the frame nearest to theirs", () => {
  const found = cuts(every(40, 6000), (time) => time % 1000 === 0);
  assert.deepEqual(
    found.filter(({ cut }) => cut === "segment").map(({ time }) => time),
    [0, 2000, 4000],
  );
  assert.deepEqual(
    found
      .filter(({ cut }) => cut === "part")
      .map(({ time }) => time)
      .slice(0, 4),
    [400, 800, 1200, 1600],
  );
});

test("29.97 frames a second make segments of two seconds, not of four", () => {
  const frames = every(1001 / 30, 9000);
  const key = new Set(frames.filter((_, i) => i % 60 === 0));
  const heads = cuts(frames, (time) => key.has(time)).filter(({ cut }) => cut === "segment");
  assert.ok(heads.length >= 4, `${heads.length} heads`);
});

test("the first segment fixes the targets, and a longer GOP is cut without a key frame", () => {
  const segmenter = new Segmenter(OPTIONS);
  assert.equal(segmenter.targets, null);
  cuts(every(40, 2001), (time) => time % 2000 === 0, segmenter);
  assert.deepEqual(segmenter.targets, { partMs: 440, segmentSeconds: 2 });
  const found = cuts(
    every(40, 20_000).map((time) => time + 2040),
    () => false,
    segmenter,
  );
  assert.ok(found.filter(({ cut }) => cut === "segment").length >= 6);
  assert.ok(segmenter.nonKeyframeSegments >= 6);
});

test("once the targets are fixed, no part and no segment is longer, whatever the frame rate", () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 120 }), fc.integer({ min: 5, max: 150 }), (fps, gop) => {
      const segmenter = new Segmenter(OPTIONS);
      const frames = every(1000 / fps, 30_000);
      let segment = 0;
      let part = 0;
      frames.forEach((time, i) => {
        const cut = segmenter.cutAt(time, i % gop === 0, false);
        const targets = segmenter.targets;
        if (cut && targets) {
          if (part > 0)
            assert.ok(time - part <= Math.max(targets.partMs, Math.ceil(1000 / fps)) + 1, `part of ${time - part} at ${fps}`);
          if (cut === "segment" && segment > 0) assert.ok(Math.round((time - segment) / 1000) <= targets.segmentSeconds);
        }
        if (cut === "segment") segment = time;
        if (cut) part = time;
      });
    }),
  );
});

test("a frame that lasts half again as long makes no part too long, and no part is shorter than 85 % of the longest", () => {
  fc.assert(
    fc.property(fc.constantFrom(24, 25, 30, 50, 60), fc.infiniteStream(fc.integer({ min: 0, max: 19 })), (fps, dice) => {
      const segmenter = new Segmenter(OPTIONS);
      const step = 1000 / fps;
      let time = 0;
      let part = 0;
      for (let i = 0; i < 30 * fps; i++) {
        const targets = segmenter.targets;
        const cut = segmenter.cutAt(Math.round(time), i % (2 * fps) === 0, false);
        if (cut === "part" && targets) {
          const length = Math.round(time) - part;
          assert.ok(length <= targets.partMs && length >= 0.85 * targets.partMs - 1, `${length} of ${targets.partMs} at ${fps}`);
        }
        if (cut) part = Math.round(time);
        // Now and then, once the targets are fixed, a frame lasts half again as long.
        time += step * (i > 3 * fps && dice.next().value === 0 ? 1.4 : 1);
      }
    }),
  );
});

test("a segment that is forced begins a segment and fixes nothing", () => {
  const segmenter = new Segmenter(OPTIONS);
  segmenter.cutAt(0, true, false);
  assert.equal(segmenter.cutAt(120, true, true), "segment");
  assert.equal(segmenter.targets, null);
});

test("a segment without a key frame begins only where no key frame of the segment before could begin it, and none is too long", () => {
  fc.assert(
    fc.property(PATTERN, (pattern) => {
      const segmenter = new Segmenter(OPTIONS);
      let start = 0;
      let unused: number | null = null;
      for (const { time, key } of framesOf(pattern, 60)) {
        const fixed = segmenter.targets;
        const cut = segmenter.cutAt(time, key, false);
        if (cut === "segment" && fixed) {
          assert.ok(Math.round((time - start) / 1000) <= fixed.segmentSeconds, `${time - start} ms of ${fixed.segmentSeconds} s`);
          if (!key) assert.equal(unused, null, `segment of ${start} cut at ${time} without a key frame, after one at ${unused}`);
        }
        if (cut === "segment") start = time;
        if (cut === "segment") unused = null;
        else if (key) unused = time;
      }
    }),
    { numRuns: 300 },
  );
});

test("one early key frame makes one short segment, and no segment without a key frame", () => {
  // Keys each 2 s on a fixed schedule, and one at a scene change.
  for (const keys of [
    every(2000, 60_000).concat(13_667),
    [...every(2000, 12_001), ...every(2000, 40_000).map((at) => at + 13_667)],
  ]) {
    const found = cuts(every(1000 / 30, 50_000), (time) => keys.includes(time), new Segmenter(OPTIONS));
    const heads = found.filter(({ cut }) => cut === "segment").map(({ time }) => time);
    assert.deepEqual(
      heads.filter((time) => !keys.includes(time)),
      [],
    );
    const lengths = heads.slice(1).map((time, i) => time - (heads[i] ?? 0));
    assert.deepEqual(
      lengths.filter((length) => length < 1990),
      [1667],
    );
  }
});

test("a process that continues the log knows the distances of key frames before it", () => {
  const found = cuts(
    every(40, 4001),
    (time) => time === 0 || time === 1680 || time === 3680,
    new Segmenter(OPTIONS, { partMs: 440, segmentSeconds: 2 }, 2000),
  );
  assert.deepEqual(
    found.filter(({ cut }) => cut === "segment").map(({ time }) => time),
    [0, 1680, 3680],
  );
});
