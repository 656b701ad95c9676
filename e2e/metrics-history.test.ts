/**
 * What real nodes measure of themselves, of their links, of a stream and of what they depend on, as the API gives it. All tests share three nodes; the last
 * one ends their bus for a while. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { makeCertificate } from "./certificate.ts";
import { clip } from "./clips.ts";
import { joined, type Node, publishTo, startNats, startNode } from "./cluster.ts";
import { wholeFile } from "./fixtures.ts";
import { childrenOf, freePort, until } from "./lectern.ts";
import { startObjectStorage } from "./object-storage.ts";
import { Viewer } from "./viewers.ts";

type Read = (kind: string, subject: string, metric: string) => Promise<readonly number[]>;

/** Measured values of the last two hours, the oldest first. */
function reader(node: Node): Read {
  return async (kind, subject, metric) => {
    const query = new URLSearchParams({ kind, subject, metric });
    const answer = await node.api(`/api/v1/series?${query}`);
    assert.equal(answer.status, 200);
    const { series }: { series: { values: (number | null)[] }[] } = JSON.parse(await answer.text());
    return series[0]?.values.filter((value) => value !== null) ?? [];
  };
}

async function newest(
  read: Read,
  kind: string,
  subject: string,
  metric: string,
  isSo: (value: number) => boolean,
): Promise<number> {
  let value = Number.NaN;
  await until(async () => {
    value = (await read(kind, subject, metric)).at(-1) ?? Number.NaN;
    return isSo(value);
  }, `${metric} of ${kind} ${subject}`);
  return value;
}

/** An origin with object storage and HTTPS, another origin, and an edge that has two paths to each stream. */
async function threeNodes() {
  const storage = await startObjectStorage(wholeFile);
  const directory = mkdtempSync(join(tmpdir(), "lectern-certificate-"));
  wholeFile.after(() => rmSync(directory, { recursive: true, force: true }));
  const { cert, key } = makeCertificate(directory, "school");
  const tls = JSON.stringify({ cert, key, port: await freePort() });
  const nats = await startNats(wholeFile);
  const [origin, second, edge] = await Promise.all([
    startNode(wholeFile, nats, "origin", "origin,control,dispatch", { ...storage.set, "http.tls": tls }),
    startNode(wholeFile, nats, "second", "origin"),
    startNode(wholeFile, nats, "edge", "edge", { "relay.paths": "2" }),
  ]);
  await joined([origin, second, edge]);
  return { nats, storage, origin, edge };
}

let started: ReturnType<typeof threeNodes> | null = null;
const cluster = () => (started ??= threeNodes());

test("a stream, its hop to an edge by each of two paths, the link, the nodes and the platform are measured every ten seconds", async (t) => {
  const { origin, edge } = await cluster();
  const read = reader(origin);
  publishTo(t, clip("b-frames"), "math", () => [origin]);
  const viewer = new Viewer("flv", () => [edge], "math");
  t.after(() => viewer.close());
  await until(() => viewer.seen.pieces > 10, "pictures");
  const seconds = { begun: performance.now() };

  const fps = await newest(read, "stream", "live/math", "fps", (value) => value > 20);
  assert.ok(fps < 35, `${fps} frames a second`);
  await newest(read, "stream", "live/math", "viewers", (value) => value === 1);
  assert.ok((await newest(read, "hop", "edge<origin live/math", "kbps", (value) => value > 0)) < 20_000);
  await newest(read, "hop", "edge<second live/math", "kbps", (value) => value > 0);
  assert.equal(await edge.metric('lectern_relay_streams{upstream="second"}'), 1);
  assert.ok((await newest(read, "hop", "edge<origin live/math", "age_ms", (value) => value >= 0)) < 2000);
  assert.ok((await newest(read, "link", "origin>edge", "mbps", (value) => value > 0)) < 20);
  for (const node of ["origin", "second", "edge"]) {
    await newest(read, "node", node, "process_cpu_media-1", (value) => value > 0);
    for (const metric of ["cpu", "memory", "disk", "descriptors"]) {
      const share = await newest(read, "node", node, metric, (value) => value > 0);
      assert.ok(share <= 1.05, `${metric} of ${node}: ${share}`);
    }
  }
  assert.equal(await newest(read, "node", "edge", "viewers", (value) => value >= 0), 1);
  for (const [metric, value] of Object.entries({ nodes: 3, viewers: 1, streams: 1 }))
    await newest(read, "platform", "", metric, (measured) => measured === value);
  t.diagnostic(`everything was measured after ${Math.round((performance.now() - seconds.begun) / 1000)} s`);
});

test("object storage that does not answer, and a certificate that ends soon, are components that do not work", async () => {
  const { storage, origin } = await cluster();
  const read = reader(origin);
  await newest(read, "component", "origin storage", "state", (value) => value === 0);
  await newest(read, "component", "origin certificate http", "state", (value) => value === 1);
  assert.equal(await origin.metric('lectern_component_state{component="storage"}'), 0);
  storage.fault = () => "500";
  await newest(read, "component", "origin storage", "state", (value) => value === 2);
  await until(async () => (await origin.metric('lectern_component_state{component="storage"}')) === 2, "the metric");
  storage.fault = () => null;
  await newest(read, "component", "origin storage", "state", (value) => value === 0);
});

test("a process that stands still, and a bus that is down, are components that do not work", async (t) => {
  const { nats, origin, edge } = await cluster();
  const read = reader(origin);
  for (const name of ["origin bus", "edge bus", "origin database", "edge process media-1", "origin ffmpeg", "edge clock"])
    await newest(read, "component", name, "state", (value) => value === 0);
  const worker = childrenOf(edge.process.pid ?? 0).find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("media-1"));
  assert.ok(worker, "the edge has a media worker");
  process.kill(worker, "SIGSTOP");
  t.after(() => existsSync(`/proc/${worker}`) && process.kill(worker, "SIGCONT"));
  await newest(read, "component", "edge process media-1", "state", (value) => value === 1);
  await newest(read, "node", "edge", "hold_ms", (value) => value >= 2900);
  process.kill(worker, "SIGCONT");
  await newest(read, "component", "edge process media-1", "state", (value) => value === 0);
  await nats.kill();
  for (const name of ["origin bus", "edge bus"]) await newest(read, "component", name, "state", (value) => value === 2);
  await nats.restart();
  await newest(read, "component", "edge bus", "state", (value) => value === 0);
});
