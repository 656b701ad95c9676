import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodePoints, encodePoints, exact, MAX_COORDINATE } from "./points.ts";
import type { Point } from "./shapes.ts";

const anyNumber = fc.oneof(fc.integer({ min: -70_000, max: 70_000 }), fc.double());
const anyPoints = fc.array(fc.record({ x: anyNumber, y: anyNumber, pressure: anyNumber, at: anyNumber }), { maxLength: 30 });

/** As written and read: within bounds, and times that do not go back. */
function expected(points: readonly Point[]): Point[] {
  let at = 0;
  return points.map((point) => {
    const one = exact(point);
    at = Math.max(at, one.at);
    return { ...one, at };
  });
}

test("points are what was written, also from numbers that are none", () => {
  fc.assert(fc.property(anyPoints, (points) => assert.deepEqual(decodePoints(encodePoints(points)), expected(points))));
  const [point] = decodePoints(encodePoints([{ x: Number.NaN, y: 1e99, pressure: Number.NaN, at: -3 }])) ?? [];
  assert.deepEqual(point, { x: 0, y: MAX_COORDINATE, pressure: 0, at: 0 });
});

test("the texts of batches, one after the other, are the text of the stroke", () => {
  fc.assert(
    fc.property(anyPoints, anyPoints, (first, second) => {
      const one = encodePoints(first);
      const last = decodePoints(one)?.at(-1);
      const other = encodePoints(second, last);
      assert.deepEqual(decodePoints(one + other), [...expected(first), ...(decodePoints(other, last) ?? [])]);
      assert.equal(one + other, encodePoints([...(decodePoints(one) ?? []), ...(decodePoints(other, last) ?? [])]));
    }),
  );
});

test("any text is points within the bounds, or refused", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."ABCDEFGHgh789-_"), maxLength: 200 });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), digits), fc.nat(20), (text, most) => {
      const points = decodePoints(text, undefined, most);
      if (points === null) return;
      assert.ok(points.length <= most);
      for (const point of points) assert.deepEqual(point, exact(point));
      // Reads its own text again, whatever the other text looked like.
      assert.deepEqual(decodePoints(encodePoints(points)), points);
    }),
    { numRuns: 1000 },
  );
});

test("refuses half a number, half a point, and numbers without an end", () => {
  for (const text of ["A", "AAA", "AAAg", "gggggggA", "AAA ", "AAAé", "AAAA="]) assert.equal(decodePoints(text), null, text);
  assert.equal(decodePoints("AAAAAAAA", undefined, 1), null);
});

test("handwriting takes about six characters a point", () => {
  const writing = Array.from({ length: 500 }, (_, i) => ({
    x: 1000 + i * 9 + 60 * Math.sin(i / 2),
    y: 800 + 90 * Math.cos(i / 3),
    pressure: 0.5 + 0.2 * Math.sin(i / 7),
    at: i * 16,
  }));
  const each = encodePoints(writing).length / writing.length;
  assert.ok(each < 6.5, `${each} characters a point`);
});
