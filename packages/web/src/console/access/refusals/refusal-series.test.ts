import assert from "node:assert/strict";
import { test } from "node:test";
import { type RefusalCount, scaleTop, seriesOf, spanStart } from "./refusal-series.ts";

const NOW = Date.parse("2026-11-23T10:30:00Z");

function count(from: string, rule: string | null, number: number, code = "refused-by-rule"): RefusalCount {
  return { from, code, rule, dryRun: false, count: number };
}

test("the last column is that of now, and counts stand in the column of their hour", () => {
  const start = spanStart("d1", NOW);
  assert.equal(new Date(start).toISOString(), "2026-11-22T11:00:00.000Z");
  const items = [
    count("2026-11-23T10:00:00Z", "referers", 3),
    count("2026-11-22T11:00:00Z", "referers", 2),
    count("2026-11-22T10:00:00Z", "referers", 9),
  ];
  const [series] = seriesOf(items, "d1", start);
  assert.deepEqual(series?.reason, { rule: "referers", code: "refused-by-rule" });
  assert.equal(series?.total, 5, "what is before the first column does not count");
  assert.deepEqual([series?.counts[0], series?.counts[23], series?.counts.length], [2, 3, 24]);
});

test("minutes of three hours are added in threes", () => {
  const start = spanStart("h3", NOW);
  const items = ["10:27", "10:28", "10:29", "10:30"].map((clock) => count(`2026-11-23T${clock}:00Z`, null, 1, "no-such-stream"));
  const [series] = seriesOf(items, "h3", start);
  assert.deepEqual(series?.counts.slice(-2), [3, 1]);
});

test("the most frequent reasons come first, and many rare ones are one series", () => {
  const rules = ["a", "b", "c", "d", "e", "f", "g"];
  const items = rules.map((rule, i) => count("2026-11-23T10:00:00Z", rule, i + 1));
  const series = seriesOf(items, "d1", spanStart("d1", NOW));
  assert.deepEqual(
    series.map(({ reason, total }) => [reason?.rule ?? null, total]),
    [
      ["g", 7],
      ["f", 6],
      ["e", 5],
      ["d", 4],
      ["c", 3],
      [null, 3],
    ],
  );
  assert.equal(seriesOf(items.slice(0, 6), "d1", spanStart("d1", NOW)).at(-1)?.reason?.rule, "a", "six have room");
});

test("the scale is a round number that the columns fit under, and small counts do not change it", () => {
  const top = (...counts: number[]) => scaleTop([{ reason: null, counts, total: 0 }]);
  assert.deepEqual(
    [top(), top(1), top(10), top(11), top(20), top(49), top(51), top(1000), top(1001)],
    [10, 10, 10, 20, 20, 50, 100, 1000, 2000],
  );
  const half = { reason: null, counts: [6], total: 6 };
  assert.equal(scaleTop([half, half]), 20, "series stand on each other");
});
