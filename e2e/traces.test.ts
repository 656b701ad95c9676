/**
 * Traces by OTLP: from a player in Chromium through three nodes to the publisher; of the API; and with a collector that is down.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { joined, publishTo, startNats, startNode } from "./cluster.ts";
import { attribute, type CollectedSpan, startCollector } from "./collector.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedBrowser } from "./fixtures.ts";
import { freePort, startLectern, TOKEN, until } from "./lectern.ts";
import { Viewer } from "./viewers.ts";

const KEY = "the key of the collector";

test("one trace leads from a player's join through the edge and its parent to the origin, and links to the publisher", async (t) => {
  const collector = await startCollector(t);
  const tracing = {
    "tracing.endpoint": collector.endpoint,
    "tracing.sample": "1",
    "tracing.headers": JSON.stringify({ "x-key": KEY }),
  };
  const nats = await startNats(t);
  const origin = await startNode(t, nats, "origin", "origin,control", tracing);
  const parent = await startNode(t, nats, "parent", "edge", tracing);
  const edge = await startNode(t, nats, "edge", "edge", { ...tracing, "relay.parents": "[parent]" });
  await joined([origin, parent, edge]);
  publishTo(t, clip("b-frames"), "math", () => [origin]);
  await origin.stream("math", ({ video }) => video !== null);
  const context = await (await sharedBrowser()).newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${edge.http}/embed/math?autoplay=1&muted=1`);

  const of = (name: string, is: (span: CollectedSpan) => boolean = () => true) =>
    collector.spans.find((span) => span.name === name && is(span)) ?? null;
  await until(() => of("player join") !== null && of("join") !== null, "the player and the edge to tell how it joined");
  const player = of("player join");
  const inTrace = (span: CollectedSpan) => span.traceId === player?.traceId;
  const servedByOrigin = () => of("relay serve", (span) => inTrace(span) && span.from.startsWith("origin/"));
  const wayTo = (last: CollectedSpan | null): string[] => {
    const byId = new Map(collector.spans.filter(inTrace).map((span) => [span.spanId, span]));
    const way: string[] = [];
    for (let at = last; at; at = byId.get(at.parentSpanId ?? "") ?? null) way.unshift(`${at.name} ${at.from.split("/")[0]}`);
    return way;
  };
  // Each process sends its spans when it has some.
  await until(() => wayTo(servedByOrigin()).includes("player join edge"), "the whole way from the origin to the player");
  const last = servedByOrigin();
  assert.deepEqual(wayTo(last), [
    "player join edge",
    "join edge",
    "relay follow edge",
    "relay serve parent",
    "relay follow parent",
    "relay serve origin",
  ]);
  const join = of("join", inTrace);
  assert.ok(join && last && player);
  assert.deepEqual(
    join.events.map(({ name }) => name),
    ["response begun", "first key frame"],
  );
  await until(() => of("permission", ({ parentSpanId }) => parentSpanId === join.spanId), "the span of the permission");

  const isOfStream = (span: CollectedSpan) => attribute(span, "lectern.stream") === "live/math";
  await until(() => of("publish", isOfStream), "the publisher's span");
  const publish = of("publish", isOfStream);
  assert.ok(publish);
  for (const { links, name } of [join, last])
    assert.deepEqual(
      links.map(({ traceId, spanId }) => [traceId, spanId]),
      [[publish.traceId, publish.spanId]],
      name,
    );
  assert.equal(attribute(join, "lectern.stream"), "live/math");
  assert.deepEqual([...new Set(collector.headers.map((headers) => headers["x-key"]))], [KEY]);
  const texts = collector.bodies.join("\n");
  for (const secret of [KEY, "127.0.0.1", "Chrome"]) assert.ok(!texts.includes(secret), secret);
  assert.ok((await origin.metric('lectern_trace_spans_total{result="sent"}')) > 0);
});

test("a request of the API is in the trace of the program that sends it, and names no address", async (t) => {
  const collector = await startCollector(t);
  const lectern = await startLectern(t, { "tracing.endpoint": collector.endpoint, "tracing.sample": "0" });
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  for (const headers of [{ traceparent }, {}, { traceparent: traceparent.replace(/01$/, "00") }, { traceparent: "nonsense" }])
    await fetch(`${lectern.http}/reset/secret-token`, { headers });
  await fetch(`${lectern.http}/api/v1/streams`, { headers: { traceparent, authorization: `Bearer ${TOKEN}` } });
  await until(() => collector.spans.some(({ name }) => name === "GET /api/v1/streams"), "the span");
  assert.equal(collector.spans.length, 2, "only those whose caller records them, with a share of 0");
  const [, span] = collector.spans;
  assert.ok(span);
  assert.deepEqual([span.traceId, span.parentSpanId, span.status.code], [traceId, "b7ad6b7169203331", 0]);
  assert.equal(attribute(span, "http.response.status_code"), "200");
  assert.ok(!collector.bodies.join().includes("secret-token"));
});

test("a collector that is down changes nothing for viewers, and its spans are counted", async (t) => {
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const lectern = await startLectern(t, { "tracing.endpoint": endpoint, "tracing.sample": "1" });
  publishForever(t, clip("b-frames"), `${lectern.rtmp}/live/math`);
  await lectern.stream("math", ({ video }) => video !== null);
  const viewer = new Viewer("flv", () => [lectern], "math");
  t.after(() => viewer.close());
  await until(() => viewer.seen.pieces > 50, "pictures");
  assert.equal(viewer.seen.reconnects, 0);
  await until(() => lectern.said().includes("trace collector unreachable"), "the log to say so");
  const lines = lectern.said().split("\n");
  assert.equal(lines.filter((line) => line.includes("trace collector unreachable") && line.includes("media-1")).length, 1, "once");
  // More than may wait.
  const dropped = () => lectern.metric('lectern_trace_spans_total{result="dropped"}');
  for (let round = 0; round < 30 && !((await dropped()) > 0); round++)
    await Promise.all(Array.from({ length: 100 }, () => lectern.api("/api/v1/streams", {})));
  assert.ok((await dropped()) > 0);
  assert.equal(await lectern.metric('lectern_trace_spans_total{result="sent"}'), 0);
  assert.equal(await lectern.stop(), 0);
});
