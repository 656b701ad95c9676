/** Feedback on what came, told in order and only once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { good } from "../../test/hostile-bytes.ts";
import { FeedbackRecorder } from "./feedback-recorder.ts";
import { readRtcp } from "./rtcp-reader.ts";
import { writeRtcp } from "./rtcp-writer.ts";
import type { TransportFeedback } from "./transport-feedback.ts";

function takeAll(recorder: FeedbackRecorder): TransportFeedback[] {
  const all: TransportFeedback[] = [];
  for (let feedback = recorder.take(); feedback; feedback = recorder.take()) all.push(feedback);
  return all;
}

/** What the packets say after they went over the wire, by sequence number. */
function told(feedbacks: readonly TransportFeedback[]): Map<number, number | null> {
  const found = new Map<number, number | null>();
  for (const feedback of feedbacks) {
    const [packet] = good(readRtcp(writeRtcp([{ kind: "transport-feedback", sender: 1, media: 2, feedback }])));
    assert.equal(packet?.kind, "transport-feedback");
    if (packet?.kind !== "transport-feedback") continue;
    packet.feedback.arrivals.forEach((arrival, i) => {
      const sequence = (packet.feedback.base + i) & 0xffff;
      if (arrival !== null || !found.get(sequence)) found.set(sequence, arrival);
    });
  }
  return found;
}

test("arrivals are told to a quarter of a millisecond, and what is missing between them", () => {
  const recorder = new FeedbackRecorder();
  recorder.received(65_534, 1000.1);
  recorder.received(65_535, 1010);
  recorder.received(1, 1020);
  const first = takeAll(recorder);
  assert.deepEqual(
    [...told(first)],
    [
      [65_534, 1000],
      [65_535, 1010],
      [0, null],
      [1, 1020],
    ],
  );
  assert.equal(recorder.take(), null);
  // Lost between two feedbacks.
  recorder.received(4, 1100);
  assert.deepEqual(
    [...told(takeAll(recorder))],
    [
      [2, null],
      [3, null],
      [4, 1100],
    ],
  );
  // One that came late is told of after all.
  recorder.received(0, 1110);
  assert.equal(told(takeAll(recorder)).get(0), 1110);
});

test("every arrival is told, whatever the order, the gaps and the pauses", () => {
  const arrivals = fc.array(fc.tuple(fc.integer({ min: -30, max: 900 }), fc.integer({ min: 0, max: 20_000 })), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(arrivals, fc.nat({ max: 0xffff }), (steps, start) => {
      const recorder = new FeedbackRecorder();
      const expected = new Map<number, number>();
      let [number, now] = [start, 5000];
      for (const [step, pause] of steps) {
        number += step;
        now += pause / 4;
        const sequence = ((number % 0x10000) + 0x10000) % 0x10000;
        if (!expected.has(sequence)) expected.set(sequence, now);
        recorder.received(sequence, now);
      }
      const found = told(takeAll(recorder));
      for (const [sequence, at] of expected) assert.ok(Math.abs((found.get(sequence) ?? -1) - at) <= 0.25, `${sequence}`);
    }),
  );
});

test("a flood between two feedbacks is bounded", () => {
  const recorder = new FeedbackRecorder();
  for (let i = 0; i < 50_000; i++) recorder.received(i & 0xffff, i / 100);
  const count = takeAll(recorder).reduce((sum, { arrivals }) => sum + arrivals.length, 0);
  assert.ok(count <= 4000, String(count));
});
