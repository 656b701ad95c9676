import assert from "node:assert/strict";
import { test } from "node:test";
import { compareFrames, compareLists, type SegmentFrames } from "./ladder-comparison.ts";
import type { ListedSegment } from "./ladder-lists.ts";

const FRAME_MS = 40;
const SEGMENT_MS = 2000;

/** Segments of 2 s, numbered from 1; the second one begins without a key frame. */
function listOf(count: number, change: (segment: ListedSegment) => Partial<ListedSegment> = () => ({})) {
  const segments = Array.from({ length: count }, (_, i): ListedSegment => {
    const address = { map: "init.mp4", uri: `${i + 1}.m4s` };
    const cut = { duration: SEGMENT_MS / 1000, discontinuity: 0, independent: i !== 1 };
    return { msn: i + 1, utc: 1_000_000 + i * SEGMENT_MS, ...cut, ...address };
  });
  return { segments: new Map(segments.map((segment) => [segment.msn, { ...segment, ...change(segment) }])) };
}

function framesOf(count: number, isThere: (at: number) => boolean = () => true): Map<number, SegmentFrames> {
  const times = (i: number, step: number) => Array.from({ length: SEGMENT_MS / step }, (_, k) => i * SEGMENT_MS + k * step);
  return new Map(
    Array.from({ length: count }, (_, i) => {
      const video = times(i, FRAME_MS).map((at, k) => ({ at, key: k === 0 && i !== 1 }));
      return [i + 1, { video: video.filter(({ at }) => isThere(at)), audio: times(i, 20) }];
    }),
  );
}

test("lists that say the same have no difference, also where one of them is of sound alone", () => {
  const same = compareLists(listOf(5), listOf(5), true);
  assert.deepEqual(same, { compared: 5, firstParts: 5, differences: [], missing: [], behind: 0 });
  const sound = listOf(5, () => ({ independent: true }));
  assert.deepEqual(compareLists(sound, listOf(5), false).differences, []);
});

test("a date, a duration, a discontinuity and a first part that differ are found, and numbers that are missing", () => {
  for (const [change, found] of [
    [{ utc: 1 }, "date"],
    [{ duration: 2.002 }, "duration"],
    [{ discontinuity: 1 }, "discontinuity"],
    [{ independent: false }, "independent"],
  ] as const) {
    const { differences } = compareLists(
      listOf(5, ({ msn }) => (msn === 3 ? change : {})),
      listOf(5),
      true,
    );
    assert.equal(differences.length, 1, found);
    assert.match(differences[0] ?? "", new RegExp(`^segment 3: ${found}`));
  }
  const { segments } = listOf(5);
  segments.delete(1);
  segments.delete(3);
  segments.delete(5);
  assert.deepEqual(compareLists({ segments }, listOf(5), true), {
    compared: 2,
    firstParts: 2,
    differences: [],
    missing: [3],
    behind: 1,
  });
});

test("frames that are missing are a hole, which may last for three seconds and up to the next key frame", () => {
  const { holes, withoutFrames, differences } = compareFrames(
    framesOf(6, (at) => at < 1000 || at >= 4000),
    framesOf(6),
    listOf(6),
  );
  assert.deepEqual(holes, [{ msn: 1, utc: 1_001_000, frames: 75, ms: 3000, allowedMs: 3000 }]);
  assert.deepEqual([withoutFrames, differences], [[2], []]);
  const longer = compareFrames(
    framesOf(6, (at) => at < 1000 || at >= 6000),
    framesOf(6),
    listOf(6),
  );
  assert.deepEqual(
    longer.holes.map(({ ms, allowedMs }) => [ms, allowedMs]),
    [[5000, 3000]],
  );
});

test("the last frames of a publisher that are presented after the first one of the next are nowhere missing", () => {
  const source = framesOf(4);
  source.get(2)?.video.push({ at: 4010, key: false });
  assert.deepEqual(compareFrames(framesOf(4), source, listOf(4)).holes, []);
});

test("a segment without a key frame at its beginning, frames of other times, and sound in another place are found", () => {
  const withoutKey = framesOf(4);
  const [first] = withoutKey.get(3)?.video ?? [];
  if (first) withoutKey.get(3)?.video.splice(0, 1, { ...first, key: false });
  assert.deepEqual(compareFrames(withoutKey, framesOf(4), listOf(4)).differences, ["segment 3 does not begin with a key frame"]);
  const moved = new Map(
    [...framesOf(4)].map(([msn, { video, audio }]) => [msn, { video: video.map(({ at, key }) => ({ at: at + 2, key })), audio }]),
  );
  const { differences } = compareFrames(moved, framesOf(4), listOf(4));
  assert.ok(differences.some((one) => one.startsWith("segment 3 begins at 4002 ms")));
  assert.ok(differences.some((one) => one.startsWith("200 frames at times at which the source has none")));
  const late = new Map([...framesOf(4)].map(([msn, { video, audio }]) => [msn, { video, audio: audio.map((at) => at + 45) }]));
  assert.equal(compareFrames(late, framesOf(4), listOf(4)).soundOffsetMs, 45);
});
