/**
 * A bus that hangs instead of dying, nodes that are cut off from it alone, and a writer that stands still, with real nodes and a real NATS server: nobody
 * who has a path to a stream loses it, publishers stay, and there is one recording. All tests share their nodes.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { clip } from "./clips.ts";
import {
  type BusLine,
  busLine,
  type Cut,
  joined,
  type Nats,
  type Node,
  nodesOf,
  publishTo,
  standStill,
  startNats,
  startNode,
} from "./cluster.ts";
import { wholeFile } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { type Protocol, Viewer } from "./viewers.ts";

const PROTOCOLS: readonly Protocol[] = ["flv", "ws", "hls"];
/** Others run on this machine: with the fault that these tests are for, the gap is as long as the bus hangs. */
const GAP_MS = 3000;
/** Longer than silence makes a node gone (3 s), and than the bus's own pings take to notice (4 to 6 s). */
const HANG_MS = 9000;

type Cluster = Readonly<Record<"c" | "b" | "e", Node>> & {
  readonly nats: Nats;
  readonly line: BusLine;
  readonly nodes: readonly Node[];
};

async function startCluster(): Promise<Cluster> {
  const nats = await startNats(wholeFile);
  const line = await busLine(wholeFile, nats);
  const recording = { "recording.auto": "pushed" };
  const [c, b, e] = await Promise.all([
    startNode(wholeFile, nats, "c", "origin,control", recording),
    startNode(wholeFile, nats, "b", "origin", recording),
    startNode(wholeFile, line, "e", "edge"),
  ]);
  const nodes = [c, b, e];
  await joined(nodes);
  return { nats, line, nodes, c, b, e };
}

let started: Promise<Cluster> | null = null;
const cluster = (): Promise<Cluster> => {
  started ??= startCluster();
  return started;
};

type Watched = { readonly viewers: readonly Viewer[]; readonly check: () => Promise<void> };

/** Publishes a stream at a node, watches it at all, and gives a check that nobody lost anything. */
async function watched(t: TestContext, name: string, publisherAt: Node): Promise<Watched> {
  const { c, nodes } = await cluster();
  const publisher = publishTo(t, clip("b-frames"), name, () => [publisherAt]);
  const before = await c.stream(name, ({ video }) => video !== null);
  const viewers = nodes.flatMap((node) => PROTOCOLS.map((protocol) => new Viewer(protocol, () => [node], name)));
  t.after(() => {
    for (const viewer of viewers) viewer.close();
  });
  await until(() => viewers.every(({ seen }) => seen.pieces > 3), "pictures");
  const said = nodes.map((node) => node.said().length);
  for (const viewer of viewers) viewer.measure();
  const check = async () => {
    for (const viewer of viewers) {
      const { protocol, longestGapMs, reconnects } = viewer.look();
      assert.deepEqual(
        [protocol, reconnects, longestGapMs < GAP_MS],
        [protocol, 0, true],
        `${protocol}: ${Math.round(longestGapMs)} ms`,
      );
    }
    const now = await c.stream(name);
    assert.deepEqual([now.epoch, now.term], [before.epoch, before.term], "the publisher stayed");
    const gone = nodes.flatMap((node, i) => node.said().slice(said[i]).split("\n")).filter((line) => line.includes('"node gone"'));
    assert.deepEqual(gone, []);
    publisher.stop();
    await c.api(`/api/v1/streams/live/${name}`, { method: "DELETE" });
    const mine = await until(async () => {
      const { items } = await done(c, "GET", "/recordings");
      const found = items.filter((item: Body) => item.name === name);
      return found.length > 0 ? found : null;
    }, "the recording");
    assert.equal(mine.length, 1, "one recording");
  };
  return { viewers, check };
}

const more = async (viewers: readonly Viewer[]): Promise<void> => {
  const before = viewers.map(({ seen }) => seen.pieces);
  await until(() => viewers.every(({ seen }, i) => seen.pieces > (before[i] ?? 0) + 3), "more pictures");
};

test("a bus that hangs for nine seconds is noticed by no viewer and no publisher", async (t) => {
  const { nats, e } = await cluster();
  const { viewers, check } = await watched(t, "hangs", e);
  nats.hang();
  t.after(() => nats.goOn());
  await setTimeout(HANG_MS);
  nats.goOn();
  // What nodes do wrong shows when the bus brings everything at once, and for as long as a node may be silent.
  await setTimeout(4000);
  await more(viewers);
  await check();
});

for (const cut of ["both ways", "to the bus", "from the bus"] satisfies Cut[])
  test(`an edge whose messages are lost ${cut} takes nobody for gone, is not taken for gone, and keeps publisher and viewers`, async (t) => {
    const { line, c, e } = await cluster();
    const { viewers, check } = await watched(t, `cut-${cut.replaceAll(" ", "-")}`, e);
    line.cut(cut);
    t.after(() => line.cut("none"));
    await setTimeout(HANG_MS);
    assert.deepEqual([(await nodesOf(c)).get("e")?.state, (await nodesOf(e)).get("c")?.state], ["up", "up"]);
    line.cut("none");
    await setTimeout(3000);
    await more(viewers);
    await check();
  });

test("a writer on an edge that stood still for five seconds goes on with the publisher that was there", async (t) => {
  const { c, e } = await cluster();
  publishTo(t, clip("b-frames"), "still", () => [e]);
  const before = await c.stream("still", ({ video }) => video !== null);
  await standStill(e, 5000);
  const viewer = new Viewer("flv", () => [c], "still");
  t.after(() => viewer.close());
  await setTimeout(4000);
  await until(() => viewer.seen.pieces > 3, "pictures");
  const now = await c.stream("still");
  assert.deepEqual([now.epoch, now.term], [before.epoch, before.term]);
  assert.ok(!e.said().includes('"superseded"'));
});
