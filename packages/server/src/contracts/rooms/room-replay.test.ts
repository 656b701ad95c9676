import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lengthOf, partOf, positionOf, type RoomSpan, spansOf } from "./room-replay.ts";

const segment = (utc: number, position: number, length = 2000) => ({ utc, position, length });

test("segments without a pause are one span, though their clocks wander", () => {
  const spans = spansOf([segment(1_000_000, 0), segment(1_002_180, 2000), segment(1_003_900, 4000)]);
  assert.deepEqual(spans, [{ at: 1_000_000, position: 0, length: 6000, lasts: 6000 }]);
});

test("what was said in a pause of the publisher is where the recording goes on", () => {
  const spans = spansOf([segment(1_000_000, 0), segment(1_062_000, 2000)]);
  assert.deepEqual(positionOf(spans, 1_001_500), { position: 1500, paused: false });
  assert.deepEqual(positionOf(spans, 1_030_000), { position: 2000, paused: true });
  assert.deepEqual(positionOf(spans, 1_063_000), { position: 3000, paused: false });
});

test("what was said before a recording and after it has no position", () => {
  const spans = spansOf([segment(1_000_000, 0)]);
  assert.equal(positionOf(spans, 999_999), null);
  assert.equal(positionOf(spans, 1_002_000), null);
  assert.equal(positionOf([], 5), null);
});

test("a clip begins at its own zero", () => {
  const whole = spansOf([segment(1_000_000, 0), segment(1_002_000, 2000), segment(1_004_000, 4000)]);
  const clip = spansOf([segment(1_002_000, 0), segment(1_004_000, 2000)]);
  assert.equal(positionOf(whole, 1_003_000)?.position, 3000);
  assert.equal(positionOf(clip, 1_003_000)?.position, 1000);
  assert.equal(positionOf(clip, 1_001_000), null);
});

test("the parts of a file that overlap by a second follow each other", () => {
  const spans = spansOf([segment(1_000_000, 0, 4000), segment(1_003_000, 4000)]);
  assert.deepEqual(positionOf(spans, 1_003_000), { position: 4000, paused: false });
  assert.deepEqual(positionOf(spans, 1_002_999), { position: 2999, paused: false });
});

test("after a clock was set back, positions still grow", () => {
  const spans = spansOf([segment(9_000_000, 0, 60_000), segment(8_000_000, 60_000), segment(8_002_000, 62_000)]);
  assert.equal(positionOf(spans, 9_060_500)?.position, 60_500);
  assert.equal(positionOf(spans, 9_062_500)?.position, 62_500);
});

const randomSpans = fc
  .array(fc.record({ wait: fc.integer({ min: -3000, max: 200_000 }), length: fc.integer({ min: 200, max: 90_000 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((segments) => {
    let utc = 1_700_000_000_000;
    let position = 0;
    return spansOf(
      segments.map(({ wait, length }) => {
        const placed = { utc: utc + wait, position, length };
        utc += Math.max(0, wait) + length;
        position += length;
        return placed;
      }),
    );
  });

function partsOf(spans: readonly RoomSpan[], each: number) {
  const parts = [];
  for (let from = 0; from < lengthOf(spans); from += each) parts.push({ from, part: partOf(spans, from, from + each) });
  return parts;
}

test("each moment from the first to the last span is in exactly one part, which says the same position as the whole", () => {
  fc.assert(
    fc.property(randomSpans, fc.integer({ min: 1000, max: 70_000 }), fc.array(fc.nat(2_000_000)), (spans, each, offsets) => {
      const begin = spans[0]?.at ?? 0;
      const parts = partsOf(spans, each);
      for (const offset of [0, ...offsets, ...spans.map(({ at }) => at - begin)]) {
        const at = begin + offset;
        const whole = positionOf(spans, at);
        const found = parts.filter(({ part }) => part && at >= part.from && at < part.to);
        assert.equal(found.length, whole ? 1 : 0, `at ${offset}`);
        const [only] = found;
        if (!whole || !only?.part) continue;
        const { spans: own } = only.part;
        const position = at < (own[0]?.at ?? 0) ? { position: own[0]?.position, paused: true } : positionOf(own, at);
        assert.deepEqual(position, whole);
        assert.ok(whole.position >= only.from && whole.position < only.from + each, `${whole.position} is not in ${only.from}`);
      }
    }),
  );
});

test("positions never go back", () => {
  fc.assert(
    fc.property(randomSpans, fc.array(fc.nat(2_000_000)), (spans, offsets) => {
      const begin = spans[0]?.at ?? 0;
      const positions = offsets
        .sort((a, b) => a - b)
        .flatMap((offset) => positionOf(spans, begin + offset) ?? [])
        .map(({ position }) => position);
      assert.deepEqual(
        positions,
        [...positions].sort((a, b) => a - b),
      );
    }),
  );
});
