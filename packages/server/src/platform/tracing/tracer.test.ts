/** Which traces are recorded, and that a span is bounded. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { ManualClock } from "../clock.ts";
import type { FinishedSpan } from "./span.ts";
import { createTracer, type SpanOptions } from "./tracer.ts";

function open(sample: number) {
  const finished: FinishedSpan[] = [];
  const clock = new ManualClock();
  const tracer = createTracer({ sample, clock, export: (span) => finished.push(span), close: async () => {} });
  const isRecorded = (traceId: string, isSampled: boolean, sampling: SpanOptions["sampling"]) =>
    tracer.begin("x", { kind: "server", parent: { traceId, spanId: "b7ad6b7169203331", isSampled }, sampling }) !== null;
  return { tracer, finished, clock, isRecorded };
}
const randomTrace = () => randomBytes(16).toString("hex");

test("all nodes record the same share of traces, whatever a stranger says of them", () => {
  const [one, other] = [open(0.1), open(0.1)];
  const traces = Array.from({ length: 20_000 }, randomTrace);
  const recorded = traces.filter((trace) => one.isRecorded(trace, true, "trace-id"));
  assert.deepEqual(
    recorded,
    traces.filter((trace) => other.isRecorded(trace, false, "trace-id")),
  );
  assert.ok(Math.abs(recorded.length - 2000) < 300, `${recorded.length} of 20000`);
});

test("a caller that records its trace is followed where it is believed, and a child where its parent is recorded", () => {
  const { isRecorded } = open(0);
  const trace = randomTrace();
  assert.deepEqual(
    (["parent", "trace-id", "either", "always"] as const).map((sampling) => [
      isRecorded(trace, true, sampling),
      isRecorded(trace, false, sampling),
    ]),
    [
      [true, false],
      [false, false],
      [true, false],
      [true, true],
    ],
  );
  assert.ok(open(1).isRecorded(trace, false, "trace-id"));
});

test("a span ends once, with what happened until then, and has a bounded number of events and links", () => {
  const { tracer, finished, clock } = open(1);
  const span = tracer.begin("join", { kind: "server", parent: null, sampling: "trace-id", attributes: { a: 1 } });
  assert.ok(span);
  for (let i = 0; i < 100; i++) {
    span.event("again");
    span.link(span.context);
  }
  span.set({ b: true });
  clock.advance(250);
  span.end("gone");
  span.end();
  assert.equal(finished.length, 1);
  const [{ startMs, endMs, events, links, attributes, error, parentId } = assert.fail()] = finished;
  assert.deepEqual(
    [endMs - startMs, events.length, links.length, attributes, error, parentId],
    [250, 32, 8, { a: 1, b: true }, "gone", null],
  );
});
