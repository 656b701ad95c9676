/**
 * Measures relay between nodes: egress of an origin for an edge with few and many viewers; first key frame of a thousand viewers at a cold edge;
 * added delay of one hop; CPU of pulling and sending.
 */
import { join } from "node:path";
import { type Node, nodesOf } from "../../e2e/cluster.ts";
import { TOKEN, until } from "../../e2e/lectern.ts";
import { addedDelay } from "../load/added-delay.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import { startRtmpPublishers } from "../load/rtmp-publishers.ts";
import { round, type Table } from "../report/table.ts";
import { CLIENT_CORE, compile, cpuSeconds, output, pause } from "../testbed/child-process.ts";
import { LocalCluster, nodeOf } from "../testbed/local-cluster.ts";
import type { BenchOptions } from "./options.ts";

const STREAMS = 50;

export async function benchRelay(options: BenchOptions): Promise<Table> {
  const seconds = options.quick ? 8 : 15;
  const viewers = options.quick ? 500 : 1000;
  const clip = benchClip();
  const flvload = compile("flvload", cacheDirectory());
  const cluster = new LocalCluster({ quick: options.quick });
  const rows: [string, number | string][] = [];
  try {
    const nats = await cluster.startNats();
    const nodes = await cluster.startNodes(nats, { a: "origin,control", e: "edge" });
    const [a, e] = [nodeOf(nodes, "a"), nodeOf(nodes, "e")];
    const [publisherLog, atOrigin, atEdge] = ["publisher", "origin", "edge"].map((name) => join(cacheDirectory(), `${name}.csv`));
    const publisher = publishClip(clip.file, `${a.rtmp}/live/x`, flvload, publisherLog ?? null);
    await a.stream("x", ({ video }) => video !== null);
    await pause(6);
    const watch = (node: Node, count: number, window: number) =>
      output(
        [
          ...[flvload, "-u", `${node.http}/live/x.flv`, "-n", String(count), "-r", String(Math.max(10, count / 5))],
          ...["-w", "1", "-d", String(window)],
        ],
        CLIENT_CORE,
      );
    const cold = JSON.parse(await watch(e, viewers, 3)) as { ttfk_ms: { median: number; p99: number }; live: number };
    rows.push([
      `${viewers} viewers within 5 s at an edge without the stream: first key frame, median / p99, ms`,
      `${round(cold.ttfk_ms.median, 0)} / ${round(cold.ttfk_ms.p99, 0)}`,
    ]);
    const links = (await nodesOf(a)).get("e")?.links.length ?? 0;
    rows.push(["links over which the edge receives the stream", links]);
    for (const count of [10, viewers]) {
      const load = watch(e, count, seconds);
      await pause(count / Math.max(10, count / 5) + 3);
      const [before, media] = [await sent(a), await received(a)];
      await pause(seconds - 4);
      rows.push([
        `egress of the origin relative to its ingress, ${count} viewers at one edge, one path`,
        round(((await sent(a)) - before) / ((await received(a)) - media), 3),
      ]);
      await load;
    }
    for (const [node, log] of [
      [a, atOrigin],
      [e, atEdge],
    ] as const) {
      await output(
        [flvload, "-u", `${node.http}/live/x.flv?delay=low`, "-w", "0", "-d", String(seconds), "-T", log ?? ""],
        CLIENT_CORE,
      );
      const delay = addedDelay(publisherLog ?? "", log ?? "");
      rows.push([
        `publisher to socket, ${node === a ? "at the origin" : "one hop behind it"}, median / p99, ms`,
        delay ? `${delay.median} / ${delay.p99}` : "–",
      ]);
    }
    await publisher.stop();
    rows.push(...(await costs(a, e, clip.file, seconds)));
  } finally {
    await cluster.close();
  }
  rows.push(...(await twoByTwo(options, clip.file, flvload, viewers)));
  return {
    title: "Nodes on one machine, one worker each, a stream of about 1.08 Mbps: one origin and one edge; then two of each",
    columns: ["what", "figure"],
    rows,
    notes: ["Egress counts all bytes of the relay, ingress only media. The delay of the hop is the difference of the two rows."],
  };
}

/** Egress of two origins to two edges with two paths each. */
async function twoByTwo(options: BenchOptions, file: string, flvload: string, viewers: number): Promise<[string, string][]> {
  const cluster = new LocalCluster({ quick: options.quick });
  try {
    const edge = { roles: "edge", set: { "relay.paths": "2" } };
    const nodes = await cluster.startNodes(await cluster.startNats(), { a: "origin,control", b: "origin", e: edge, f: edge });
    const [a, b] = [nodeOf(nodes, "a"), nodeOf(nodes, "b")];
    const edges = [nodeOf(nodes, "e"), nodeOf(nodes, "f")];
    const publisher = publishClip(file, `${a.rtmp}/live/y`, flvload, null);
    await a.stream("y", ({ video }) => video !== null);
    await pause(6);
    const rows: [string, string][] = [];
    for (const count of [10, viewers]) {
      const each = ["-n", String(count / 2), "-r", String(Math.max(5, count / 10)), "-w", "1", "-d", "16"];
      const loads = edges.map(({ http }) => output([flvload, "-u", `${http}/live/y.flv`, ...each], CLIENT_CORE));
      await pause(8);
      const figures = async () => ({
        media: await received(a),
        sent: (await sent(a)) + (await sent(b)),
        fetched: (await Promise.all([b, ...edges].map(fetched))) as [number, number, number],
      });
      const [before, after] = [await figures(), await pause(6).then(figures)];
      const media = after.media - before.media;
      const [toOrigin, ...toEdges] = after.fetched.map((bytes, i) => (bytes - (before.fetched[i] ?? 0)) / media);
      rows.push([
        `egress of two origins relative to ingress, ${count} viewers at two edges, two paths each`,
        `${round((after.sent - before.sent) / media, 2)}: to the edges ${toEdges.map((share) => round(share, 2)).join(" + ")}, to the other origin ${round(toOrigin ?? 0, 2)}`,
      ]);
      await Promise.all(loads);
    }
    await publisher.stop();
    return rows;
  } finally {
    await cluster.close();
  }
}

/** CPU of both nodes with many streams, before and while the edge fetches them. */
async function costs(a: Node, e: Node, file: string, seconds: number): Promise<[string, number][]> {
  const publishers = startRtmpPublishers(`${a.rtmp}/live`, file, STREAMS);
  const all = async () => ((await (await a.api("/api/v1/streams?limit=200")).json()) as { items: { name: string }[] }).items;
  await until(async () => (await all()).length >= STREAMS, "the streams", 30_000);
  await pause(3);
  const share = async ({ process }: Node): Promise<number> => {
    const begun = cpuSeconds(process.pid ?? 0);
    await pause(seconds);
    return (cpuSeconds(process.pid ?? 0) - begun) / seconds;
  };
  const without = await Promise.all([share(a), share(e)]);
  for (const { name } of await all())
    await fetch(`${a.http}/api/v1/streams/live/${name}/prefetch`, {
      method: "POST",
      body: JSON.stringify({ nodes: ["e"] }),
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    });
  await pause(7);
  const during = await Promise.all([share(a), share(e)]);
  publishers.kill("SIGKILL");
  const each = (i: 0 | 1) => round(((during[i] - without[i]) / STREAMS) * 1000, 2);
  return [
    ["an edge pulls a stream: thousandths of a core", each(1)],
    ["an origin sends a stream to an edge: thousandths of a core", each(0)],
  ];
}

/** The sum of a metric over its labels. */
async function metric({ http }: Node, name: RegExp): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text();
  return [...text.matchAll(name)].reduce((sum, [, value]) => sum + Number(value), 0);
}

const sent = (node: Node) => metric(node, /^lectern_relay_sent_bytes_total (\d+)/gm);
const received = (node: Node) => metric(node, /^lectern_received_bytes_total (\d+)/gm);
const fetched = (node: Node) => metric(node, /^lectern_relay_received_bytes_total\{[^}]*\} (\d+)/gm);
