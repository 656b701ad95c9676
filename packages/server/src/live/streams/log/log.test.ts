import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll, RETENTION } from "../synthetic-source.ts";

const full = [avcConfiguration(), aacConfiguration];

test("the newest segments are kept, whole, up to the bound in number", () => {
  const { ingest, log } = ingestOf(new ManualClock(), { ...RETENTION, segments: 4 });
  pushAll(ingest, [...full, ...lesson(60)]);
  assert.equal(log.segments.length, 5);
  assert.deepEqual(
    log.segments.map((segment) => segment.head.msn),
    [26, 27, 28, 29, 30],
  );
  assert.equal(log.segmentOf(0), null);
  const { head, entries } = log.segments[2]!;
  assert.equal(log.segmentOf(head.sequence + entries.length - 1), log.segments[2]);
});

test("bytes and seconds bound it too, but two whole segments stay", () => {
  const small = ingestOf(new ManualClock(), { ...RETENTION, bytes: () => 1 });
  pushAll(small.ingest, [...full, ...lesson(60)]);
  assert.equal(small.log.segments.length, 3);
  const short = ingestOf(new ManualClock(), { ...RETENTION, milliseconds: 8000 });
  pushAll(short.ingest, [...full, ...lesson(60)]);
  assert.equal(short.log.segments.length, 5);
});

test("what a reader has yet to read is kept beyond number and time, but not beyond the bytes", () => {
  const held = ingestOf(new ManualClock(), { ...RETENTION, segments: 4, milliseconds: 8000 });
  let next = 0;
  const letGo = held.log.hold(() => next);
  pushAll(held.ingest, [...full, ...lesson(40)]);
  const [first] = held.log.segments;
  assert.equal(first?.head.msn, 1);
  next = held.log.segments[10]!.head.sequence;
  pushAll(held.ingest, lesson(2, 40_000));
  assert.equal(held.log.oldest, next);
  letGo();
  pushAll(held.ingest, lesson(2, 42_000));
  assert.equal(held.log.segments.length, 5);
  const small = ingestOf(new ManualClock(), { ...RETENTION, bytes: () => 1 });
  small.log.hold(() => 0);
  pushAll(small.ingest, [...full, ...lesson(60)]);
  assert.equal(small.log.segments.length, 3);
});

test("kept bytes are counted as segments come and go", () => {
  const { ingest, log } = ingestOf(new ManualClock(), { ...RETENTION, segments: 4 });
  pushAll(ingest, [...full, ...lesson(60)]);
  assert.equal(
    log.bytes,
    log.segments.reduce((sum, segment) => sum + segment.bytes, 0),
  );
});

test("a lower or equal term is refused, and nothing follows an end", () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [...full, ...lesson(1)]);
  assert.throws(() => log.beginTerm(1), RangeError);
  ingest.end("over");
  assert.throws(() => log.append({ term: 1, sequence: log.head, kind: "end", reason: "again" }));
});

test("only the next position is taken: no entry can be written twice, or after a missing one", () => {
  const { log } = ingestOf();
  for (const [term, sequence] of [
    [1, 1],
    [1, -1],
    [2, 0],
    [0, 0],
  ] as const) {
    assert.throws(() => log.append({ term, sequence, kind: "end", reason: "x" }), RangeError);
  }
  log.append({ term: 1, sequence: 0, kind: "end", reason: "x" });
});
