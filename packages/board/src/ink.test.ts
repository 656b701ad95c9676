import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InkPlayer, InkWriter, itemIds, newTag, type Sample } from "./ink.ts";
import { isTag, parseOperation } from "./operations.ts";
import { Page } from "./page.ts";
import { exact } from "./points.ts";
import { LIMITS, type Operation, type Point } from "./shapes.ts";

const options = { id: "aaaa.1", tool: "pen", color: "black", width: 12 } as const;

/** Draws with a batch after every so many samples. */
function drawn(samples: readonly Sample[], each: number): readonly Operation[] {
  const [first, ...others] = samples;
  const writer = new InkWriter(options, first!);
  const operations: Operation[] = [];
  for (const [i, sample] of others.entries()) {
    writer.add(sample);
    const batch = i % each === each - 1 ? writer.batch() : null;
    if (batch) operations.push(batch);
  }
  return [...operations, writer.end()];
}

function pointsOf(operations: readonly Operation[]): readonly Point[] {
  const content = Page.of(operations).item("aaaa.1")?.content;
  assert.ok(content?.type === "stroke" && content.ended);
  return content.points;
}

const writing: Sample[] = Array.from({ length: 240 }, (_, i) => ({
  x: 1000 + i * 9 + 60 * Math.sin(i / 4),
  y: 800 + 90 * Math.cos(i / 6),
  pressure: 0.5 + 0.2 * Math.sin(i / 15),
  time: 77_000 + i * 8,
}));

/** How far a place is from a line. */
function distance({ x, y }: Sample, points: readonly Point[]): number {
  return Math.min(
    ...points.slice(1).map((to, i) => {
      const from = points[i]!;
      const length = (to.x - from.x) ** 2 + (to.y - from.y) ** 2;
      const along =
        length === 0 ? 0 : Math.max(0, Math.min(1, ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length));
      return Math.hypot(x - from.x - along * (to.x - from.x), y - from.y - along * (to.y - from.y));
    }),
  );
}

test("a stroke in batches is one stroke that goes where the pen went, with fewer points than samples", () => {
  const operations = drawn(writing, 5);
  assert.deepEqual(
    operations.map(([letter]) => letter),
    ["s", ...operations.slice(1).map(() => "p")],
  );
  const points = pointsOf(operations);
  assert.ok(points.length < writing.length / 2, `${points.length} points`);
  for (const sample of writing) assert.ok(distance(sample, points) < 4.5);
  assert.equal(points.at(-1)?.at, 239 * 8);
});

test("a batch ends where the pen is", () => {
  const writer = new InkWriter(options, { x: 0, y: 0, pressure: 0.5, time: 5 });
  assert.deepEqual(Page.of([writer.batch()!]).operations(), [["s", "aaaa.1", "pen", "black", 12, "AAgCA", 0]]);
  for (let i = 1; i <= 3; i++) writer.add({ x: i * 10, y: 0, pressure: 0.5, time: 5 + i * 8 });
  assert.deepEqual(writer.batch(), ["p", "aaaa.1", "8BAAwB", 0]);
  assert.equal(writer.batch(), null);
  assert.deepEqual(writer.end(), ["p", "aaaa.1", "", 1]);
});

test("whatever a pointer does, the batches are operations, and the pen's width of the way is kept", () => {
  const number = fc.oneof(fc.integer({ min: -500, max: 7000 }), fc.double({ noDefaultInfinity: true }));
  const sample = fc.record({
    x: number,
    y: number,
    pressure: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), number),
    time: number,
  });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (samples, each) => {
      const operations = drawn(samples, each);
      for (const one of operations) assert.deepEqual(parseOperation(JSON.parse(JSON.stringify(one))), one);
      const points = pointsOf(operations);
      assert.ok(points.every(({ at }, i) => at >= (points[i - 1]?.at ?? 0)));
      // The text says where the pen was at last, in place and time, whatever the clock did.
      const began = samples[0]!.time;
      const latest = Math.max(0, ...samples.map(({ time }) => exact({ x: 0, y: 0, pressure: 0, at: time - began }).at));
      assert.ok(points.at(-1)!.at <= latest);
    }),
  );
});

test("a sample without a time is where the one before it was in time", () => {
  const samples = [0, 1, Number.NaN, 1].map((time, i) => ({ x: 0, y: i % 2, pressure: i % 2, time }));
  assert.deepEqual(
    pointsOf(drawn(samples, 1)).map(({ at }) => at),
    [0, 1, 1, 1],
  );
});

test("a stroke that has all its points takes no more", () => {
  const writer = new InkWriter(options, { x: 0, y: 0, pressure: 0.5, time: 0 });
  const operations: Operation[] = [];
  for (let i = 1; !writer.isFull; i++) {
    writer.add({ x: i % 2 ? 500 : 0, y: i, pressure: 0.5, time: i * 8 });
    operations.push(writer.batch()!);
  }
  writer.add({ x: 9, y: 9, pressure: 0.5, time: 999_999 });
  const points = pointsOf([...operations, writer.end()]);
  assert.ok(points.length <= LIMITS.pointsOfStroke && points.length > LIMITS.pointsOfStroke - 5);
});

const at = (...times: readonly number[]): Point[] => times.map((time) => ({ x: time, y: 0, pressure: 0.5, at: time }));

test("points of a batch appear over the time in which they were written", () => {
  const player = new InkPlayer();
  const first = at(0, 20, 40);
  player.take("aaaa.1", first, 0, 1000);
  assert.deepEqual(
    [1000, 1019, 1020, 1040].map((now) => player.shown("aaaa.1", 3, now)),
    [1, 1, 2, 3],
  );
  // The next batch comes 60 ms later than it was written: it begins to appear when it is here.
  player.take("aaaa.1", [...first, ...at(60, 80)], 3, 1120);
  assert.deepEqual(
    [1119, 1120, 1140].map((now) => player.shown("aaaa.1", 5, now)),
    [3, 4, 5],
  );
  assert.ok(player.isPlaying(1140));
  assert.ok(!player.isPlaying(2000));
});

test("a batch that comes early waits for its time, and none waits for long", () => {
  const player = new InkPlayer();
  player.take("aaaa.1", at(0, 100), 0, 1000);
  player.take("aaaa.1", at(0, 100, 150), 2, 1010);
  assert.deepEqual(
    [1100, 1149, 1150].map((now) => player.shown("aaaa.1", 3, now)),
    [2, 2, 3],
  );
  player.take("bbbb.1", at(0, 5000), 0, 1000);
  assert.deepEqual(
    [1399, 1400].map((now) => player.shown("bbbb.1", 2, now)),
    [1, 2],
  );
  assert.equal(player.shown("cccc.1", 7, 1000), 7);
});

test("tags and ids are what the parser takes", () => {
  assert.ok(isTag(newTag()) && isTag(newTag(() => 0)) && isTag(newTag(() => 0.999_999)));
  const next = itemIds("ab12");
  assert.deepEqual([next(), next()], ["ab12.1", "ab12.2"]);
});
