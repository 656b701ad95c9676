/** What of a recording a student has seen: sections, minutes, and what holds for every course of things. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { covered, type Span, sectionsSeen, unionOf } from "./coverage.ts";

const MINUTE_MS = 60_000;
const START = 1_790_000_000_000;
const span = (from: number, to: number): Span => ({ from: START + from * MINUTE_MS, to: START + to * MINUTE_MS });

test("chapters are sections; a student who came late has missed the first ones", () => {
  const chapters = [
    { seconds: 600, title: "Tenths" },
    { seconds: 1200, title: "Thirds" },
    { seconds: 9999, title: "Beyond the end" },
  ];
  const recording = { startedAt: START, seconds: 1830, chapters };
  assert.deepEqual(sectionsSeen(recording, [span(15, 40)], {}), [
    { title: null, fromSeconds: 0, toSeconds: 600, seen: 0, unseenFromSeconds: 0, unseenSeconds: 600 },
    { title: "Tenths", fromSeconds: 600, toSeconds: 1200, seen: 0.5, unseenFromSeconds: 600, unseenSeconds: 300 },
    { title: "Thirds", fromSeconds: 1200, toSeconds: 1830, seen: 1, unseenFromSeconds: null, unseenSeconds: 0 },
  ]);
});

test("what was played since counts like what happened in the lesson, where at least half of a minute was", () => {
  const recording = { startedAt: START, seconds: 240, chapters: [] };
  const [section] = sectionsSeen(recording, [span(0, 1)], { 1: 30_000, 2: 29_999, 3: 60_000 });
  assert.deepEqual([section?.seen, section?.unseenFromSeconds, section?.unseenSeconds], [0.75, 120, 60]);
});

const spans = fc.array(
  fc.tuple(fc.integer({ min: -30, max: 200 }), fc.integer({ min: 0, max: 60 })).map(([from, length]) => span(from, from + length)),
  { maxLength: 8 },
);
const recordings = fc.record({
  startedAt: fc.constant(START),
  seconds: fc.integer({ min: 0, max: 9000 }),
  chapters: fc.array(fc.record({ seconds: fc.integer({ min: 0, max: 10_000 }), title: fc.string() }), { maxLength: 6 }),
});
const played = fc.dictionary(fc.integer({ min: 0, max: 160 }).map(String), fc.integer({ min: 0, max: 90_000 }));

test("sections lie end to end over the whole recording, and more attendance never means less seen", () => {
  fc.assert(
    fc.property(recordings, spans, spans, played, (recording, some, more, minutes) => {
      const before = sectionsSeen(recording, some, minutes);
      const after = sectionsSeen(recording, [...some, ...more], minutes);
      let at = 0;
      for (const [i, section] of before.entries()) {
        assert.equal(section.fromSeconds, at);
        at = section.toSeconds;
        assert.ok(section.seen >= 0 && section.seen <= (after[i]?.seen ?? 0) && section.seen <= 1);
        assert.equal(section.unseenFromSeconds === null, section.unseenSeconds === 0);
      }
      assert.equal(at, recording.seconds);
      for (const { seen } of sectionsSeen(recording, [span(-1, 1000)], {})) assert.equal(seen, 1);
    }),
  );
});

test("a union has the same minutes in it, each once", () => {
  fc.assert(
    fc.property(spans, (some) => {
      const union = unionOf(some);
      for (let minute = -30; minute < 260; minute++) {
        const isIn = ({ from, to }: Span) => from <= START + minute * MINUTE_MS && START + minute * MINUTE_MS < to;
        assert.equal(union.filter(isIn).length, some.some(isIn) ? 1 : 0);
      }
      const total = union.reduce((sum, { from, to }) => sum + to - from, 0);
      assert.equal(covered(span(-1000, 1000), some), total);
    }),
  );
});
