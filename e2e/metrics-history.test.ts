/** What two real nodes measure of themselves, of their link, of a stream and of what they depend on, as the API gives it. Only with --all, or by name. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeCertificate } from "./certificate.ts";
import { clip } from "./clips.ts";
import { joined, type Node, publishTo, startNats, startNode } from "./cluster.ts";
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

async function twoNodes(t: TestContext) {
  const nats = await startNats(t);
  const origin = await startNode(t, nats, "origin", "origin,control,dispatch");
  const edge = await startNode(t, nats, "edge", "edge");
  await joined([origin, edge]);
  return { nats, origin, edge };
}

test("a stream, its hop to an edge, the link, both nodes and the platform are measured every ten seconds", async (t) => {
  const { origin, edge } = await twoNodes(t);
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
  assert.ok((await newest(read, "hop", "edge<origin live/math", "age_ms", (value) => value >= 0)) < 2000);
  assert.ok((await newest(read, "link", "origin>edge", "mbps", (value) => value > 0)) < 20);
  for (const node of ["origin", "edge"]) {
    await newest(read, "node", node, "process_cpu_media-1", (value) => value > 0);
    for (const metric of ["cpu", "memory", "disk", "descriptors"]) {
      const share = await newest(read, "node", node, metric, (value) => value > 0);
      assert.ok(share <= 1.05, `${metric} of ${node}: ${share}`);
    }
  }
  assert.equal(await newest(read, "node", "edge", "viewers", (value) => value >= 0), 1);
  for (const [metric, value] of Object.entries({ nodes: 2, viewers: 1, streams: 1 }))
    await newest(read, "platform", "", metric, (measured) => measured === value);
  t.diagnostic(`everything was measured after ${Math.round((performance.now() - seconds.begun) / 1000)} s`);
});

test("object storage that does not answer, and a certificate that ends soon, are components that do not work", async (t) => {
  const storage = await startObjectStorage(t);
  const directory = mkdtempSync(join(tmpdir(), "lectern-certificate-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { cert, key } = makeCertificate(directory, "school");
  const tls = JSON.stringify({ cert, key, port: await freePort() });
  const nats = await startNats(t);
  const node = await startNode(t, nats, "one", "origin,control", { ...storage.set, "http.tls": tls });
  const read = reader(node);
  await newest(read, "component", "one storage", "state", (value) => value === 0);
  await newest(read, "component", "one certificate http", "state", (value) => value === 1);
  assert.equal(await node.metric('lectern_component_state{component="storage"}'), 0);
  storage.fault = () => "500";
  await newest(read, "component", "one storage", "state", (value) => value === 2);
  await until(async () => (await node.metric('lectern_component_state{component="storage"}')) === 2, "the metric");
  storage.fault = () => null;
  await newest(read, "component", "one storage", "state", (value) => value === 0);
});

test("a stream that comes by two paths has a hop for each of them", async (t) => {
  const nats = await startNats(t);
  const origin = await startNode(t, nats, "origin", "origin,control");
  const second = await startNode(t, nats, "second", "origin");
  const edge = await startNode(t, nats, "edge", "edge", { "relay.paths": "2" });
  await joined([origin, second, edge]);
  const read = reader(origin);
  publishTo(t, clip("b-frames"), "math", () => [origin]);
  const viewer = new Viewer("flv", () => [edge], "math");
  t.after(() => viewer.close());
  await until(() => viewer.seen.pieces > 10, "pictures");
  for (const from of ["origin", "second"]) await newest(read, "hop", `edge<${from} live/math`, "kbps", (value) => value > 0);
  assert.equal(await edge.metric('lectern_relay_streams{upstream="second"}'), 1);
});

test("a process that stands still, and a bus that is down, are components that do not work", async (t) => {
  const { nats, origin, edge } = await twoNodes(t);
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
