/** A recording whose recorder is drained, replaced and paused: it stays one, without a hole. Both tests share a cluster; the second one ends its nodes. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { clip } from "./clips.ts";
import { joined, type Nats, type Node, nodesOf, publishTo, standStill, startNats, startNode } from "./cluster.ts";
import { frames } from "./ffmpeg.ts";
import { wholeFile } from "./fixtures.ts";
import { type Lectern, type LecternOptions, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { segmentsOf } from "./recorded-segments.ts";

const FPS = 25;
/** Longer than a recorder is missed before another one takes its place. */
const PAUSE_MS = 8000;
const ORIGIN: LecternOptions = { "recording.auto": "pushed", drainSeconds: "3" };

/** e: the node for control, which is an edge too. */
type Cluster = { readonly nats: Nats; readonly e: Node; readonly origins: readonly [Node, Node] };

async function startCluster(): Promise<Cluster> {
  const nats = await startNats(wholeFile);
  const [e, o1, o2] = await Promise.all([
    startNode(wholeFile, nats, "e", "control,edge"),
    startNode(wholeFile, nats, "o1", "origin", ORIGIN),
    startNode(wholeFile, nats, "o2", "origin", ORIGIN),
  ]);
  await joined([e, o1, o2]);
  return { nats, e, origins: [o1, o2] };
}

let started: Promise<Cluster> | null = null;
const sharedCluster = () => (started ??= startCluster());

async function recordingsOf(e: Lectern, name: string): Promise<Body[]> {
  return (await done(e, "GET", "/recordings")).items.filter((item: Body) => item.name === name);
}

/** Waits until something is recorded that was published after a time of the clock. */
async function recordedAfter({ e }: Cluster, name: string, utc: number): Promise<void> {
  await until(async () => {
    const all = await recordingsOf(e, name);
    const read = await Promise.all(all.map(({ id }) => segmentsOf(e, id).catch(() => null)));
    return read.some((one) => one?.segments.some((segment) => segment.utc > utc));
  }, "the recording to go on");
}

/** One recording, in which no frame is missing and none is twice. */
async function assertWhole(t: TestContext, { e }: Cluster, name: string, wentOnUntil: number): Promise<void> {
  await e.api(`/api/v1/streams/live/${name}`, { method: "DELETE" });
  const all = await until(async () => {
    const found = await recordingsOf(e, name);
    return found.length > 0 && found.every(({ whole }) => whole) ? found : null;
  }, "the whole recording");
  assert.equal(all.length, 1, JSON.stringify(all));
  const { id, seconds, startedAt } = all[0];
  const { segments } = await until(async () => {
    const read = await segmentsOf(e, id);
    return read.ended ? read : null;
  }, "the end of the playlist");
  const holes = segments.flatMap(({ discontinuity, utc }, i) => (discontinuity ? [{ segment: i, utc }] : []));
  assert.deepEqual(holes, []);
  assert.ok((segments.at(-1)?.utc ?? 0) > wentOnUntil, "it went on until the end");
  const played = segments.reduce((sum, { duration }) => sum + duration, 0);
  assert.ok(Math.abs(seconds - played) < 0.5, `${seconds} s, and ${played} s are played`);
  assert.ok(Math.abs(Date.parse(startedAt) - segments[0]!.utc) < 1000, startedAt);
  const shown = (await frames(t, `${e.http}/vod/${id}.flv`, "packets", "0:v")).map(({ time }) => time).sort((a, b) => a - b);
  assert.ok(Math.abs(shown.length - played * FPS) <= 2, `${shown.length} frames of ${played} s`);
}

/** Drains a node, ends it, and starts it again with the same data. */
async function restart(t: TestContext, { e, nats }: Cluster, node: Node): Promise<Node> {
  assert.equal((await e.api(`/api/v1/nodes/${node.id}/drain`, { method: "POST" })).status, 202);
  await until(async () => (await nodesOf(e)).get(node.id)?.state === "draining", "the node to be drained");
  await node.stop();
  return await startNode(t, nats, node.id, "origin", { ...ORIGIN, dataDir: node.directory });
}

test("a recorder that stands still is replaced, and the recording stays one without a hole", async (t) => {
  const cluster = await sharedCluster();
  const { e, origins } = cluster;
  publishTo(t, clip("b-frames", 40), "paused", () => [e]);
  await e.stream("paused", ({ video }) => video !== null);
  await recordedAfter(cluster, "paused", Date.now());
  const node = origins.find(({ directory }) => existsSync(join(directory, "recordings/live/paused"))) ?? assert.fail("no recorder");
  await standStill(node, PAUSE_MS);
  await recordedAfter(cluster, "paused", Date.now());
  await assertWhole(t, cluster, "paused", Date.now() - 10_000);
});

test("a rolling restart of both recorders leaves one recording, and no hole in it", async (t) => {
  const cluster = await sharedCluster();
  const { e, origins } = cluster;
  publishTo(t, clip("b-frames", 40), "rolled", () => [e]);
  await e.stream("rolled", ({ video }) => video !== null);
  await recordedAfter(cluster, "rolled", Date.now());
  for (const node of origins) {
    const again = await restart(t, cluster, node);
    await joined([e, again]);
    await recordedAfter(cluster, "rolled", Date.now());
  }
  await assertWhole(t, cluster, "rolled", Date.now() - 10_000);
});
