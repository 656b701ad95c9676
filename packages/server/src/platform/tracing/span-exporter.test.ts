/** Sending spans: batches, a collector that is slow, down or refuses, and bounds. */
import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { ManualClock } from "../clock.ts";
import { listen, portOf } from "../listen.ts";
import type { FinishedSpan } from "./span.ts";
import { SpanExporter } from "./span-exporter.ts";

const span = (name: string): FinishedSpan => ({
  name,
  kind: "server",
  parentId: null,
  startMs: 1_700_000_000_000.25,
  endMs: 1_700_000_001_000,
  error: null,
  context: { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", isSampled: true },
  attributes: { text: "x".repeat(1000), whole: 7, part: 0.5, is: true },
  events: [],
  links: [],
});

type Answer = (response: ServerResponse) => void;

async function open(t: TestContext) {
  const state: { answer: Answer } = { answer: (response) => response.end("{}") };
  const bodies: string[] = [];
  const arrived: (() => void)[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    state.answer(response);
    for (const call of arrived.splice(0)) call();
  });
  await listen(server, { host: "127.0.0.1", port: 0 });
  t.after(() => server.close());
  const clock = new ManualClock();
  const said: string[] = [];
  const log = { warn: (_of: object, what: string) => said.push(what), info: (_of: object, what: string) => said.push(what) };
  const exporter = new SpanExporter({
    endpoint: `http://127.0.0.1:${portOf(server)}/`,
    headers: {},
    resource: { "service.name": "lectern" },
    clock,
    log,
  });
  /** Lets so much time pass, and waits for the request that is due then. */
  const request = async (milliseconds: number): Promise<number> => {
    const came = new Promise<void>((resolve) => arrived.push(resolve));
    clock.advance(milliseconds);
    await came;
    await until(() => !exporter.isSending);
    const { resourceSpans } = JSON.parse(bodies.at(-1) ?? "");
    return resourceSpans[0].scopeSpans[0].spans.length;
  };
  return { exporter, clock, bodies, said, request, state };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test("spans go in batches of a second, in the encoding of the protocol, and nothing is sent where there are none", async (t) => {
  const { exporter, clock, bodies, request } = await open(t);
  clock.advance(60_000);
  assert.equal(bodies.length, 0);
  for (let i = 0; i < 600; i++) exporter.add(span("a"));
  assert.equal(await request(1000), 512);
  assert.equal(await request(1000), 88);
  assert.deepEqual(exporter.counts, { sent: 600, dropped: 0 });
  const [first] = JSON.parse(bodies[0] ?? "").resourceSpans[0].scopeSpans[0].spans;
  assert.equal(first.startTimeUnixNano, "1700000000000250000");
  assert.deepEqual(first.attributes, [
    { key: "text", value: { stringValue: "x".repeat(200) } },
    { key: "whole", value: { intValue: "7" } },
    { key: "part", value: { doubleValue: 0.5 } },
    { key: "is", value: { boolValue: true } },
  ]);
});

test("a collector that is down gets the spans later, up to a bound; the others are dropped and counted, and it is said once", async (t) => {
  const { exporter, request, state, said } = await open(t);
  state.answer = (response) => response.writeHead(503).end();
  for (let i = 0; i < 3000; i++) exporter.add(span("a"));
  assert.deepEqual(exporter.counts, { sent: 0, dropped: 952 });
  assert.equal(await request(1000), 512);
  assert.equal(await request(1000), 512);
  assert.equal(await request(2000), 512);
  assert.deepEqual(exporter.counts, { sent: 0, dropped: 952 });
  state.answer = (response) => response.end("{}");
  await request(4000);
  for (let batch = 0; batch < 3; batch++) await request(1000);
  assert.deepEqual(exporter.counts, { sent: 2048, dropped: 952 });
  assert.deepEqual(said, ["trace collector unreachable", "trace collector reachable"]);
});

test("what a collector refuses for good is dropped: the whole batch, or those that it names", async (t) => {
  const { exporter, request, state } = await open(t);
  state.answer = (response) => response.writeHead(400).end();
  exporter.add(span("a"));
  await request(1000);
  assert.deepEqual(exporter.counts, { sent: 0, dropped: 1 });
  state.answer = (response) => response.end(JSON.stringify({ partialSuccess: { rejectedSpans: "2" } }));
  for (let i = 0; i < 5; i++) exporter.add(span("b"));
  await request(1000);
  assert.deepEqual(exporter.counts, { sent: 3, dropped: 3 });
});

test("the end sends what waits, but does not wait for a collector that is down", async (t) => {
  const { exporter, bodies } = await open(t);
  exporter.add(span("a"));
  await exporter.close();
  assert.deepEqual([exporter.counts.sent, bodies.length], [1, 1]);
  exporter.add(span("late"));
  assert.equal(exporter.counts.dropped, 1);
  const other = await open(t);
  other.state.answer = (response) => response.writeHead(503).end();
  other.exporter.add(span("a"));
  await other.request(1000);
  await other.exporter.close();
  assert.deepEqual([other.exporter.counts.dropped, other.bodies.length], [1, 1]);
});

test("the end does not wait for a collector that takes the request and says nothing", async (t) => {
  const { exporter, state, clock } = await open(t);
  state.answer = (response) => void t.after(() => response.destroy());
  exporter.add(span("a"));
  clock.advance(1000);
  assert.ok(exporter.isSending);
  const begun = performance.now();
  await exporter.close();
  assert.ok(performance.now() - begun < 5000, "less than the time that an answer has otherwise");
  assert.deepEqual(exporter.counts, { sent: 0, dropped: 1 });
});
