/** Drills on one machine: a node or the bus is killed, a publisher falls silent, or a node is drained. */
import { type Node, nodesOf } from "../../e2e/cluster.ts";
import { ffmpeg } from "../../e2e/ffmpeg.ts";
import { LocalCluster, nodeOf } from "../testbed/local-cluster.ts";
import { longestGap } from "../testbed/viewer-summary.ts";
import { type DrillOptions, type DrillResult, HLS_PART_MS } from "./drill.ts";

/** On a busy machine, viewers have gaps of this length without any failure. */
const UNDISTURBED_MS = 500;
/** A drained node has moved its viewers after seven seconds. */
const DRAINED_MS = 8000;
const BATCH_NOTE = `HLS arrives in parts of ${HLS_PART_MS} ms and FLV in batches of 200 ms; the limit includes the part.`;

export function killEdge(options: DrillOptions): Promise<DrillResult> {
  return inCluster(options, async (cluster) => {
    const nats = await cluster.startNats();
    const nodes = await cluster.startNodes(nats, { a: "origin,control", e: "edge", f: "edge" });
    await cluster.publish("x", [nodeOf(nodes, "a")], nodeOf(nodes, "a"));
    await cluster.watch("x", [nodeOf(nodes, "e"), nodeOf(nodes, "f")]);
    await nodeOf(nodes, "e").kill();
    await cluster.pause();
    const seen = cluster.seen();
    return {
      drill: "edge",
      broke: "an edge with half of the viewers was killed",
      promise: "no viewer has a gap over 3 s",
      held: longestGap(seen) <= 3000,
      seen,
      notes: [],
    };
  });
}

/** @param paths of the edges */
function killOrigin(paths: 1 | 2) {
  return (options: DrillOptions): Promise<DrillResult> =>
    inCluster(options, async (cluster) => {
      const nats = await cluster.startNats();
      const edge = { roles: "edge", set: { "relay.paths": String(paths) } };
      const nodes = await cluster.startNodes(nats, { c: "control", a: "origin", b: "origin", i: "edge", e: edge, f: edge });
      await cluster.publish("x", [nodeOf(nodes, "i")], nodeOf(nodes, "c"));
      await cluster.watch("x", [nodeOf(nodes, "e"), nodeOf(nodes, "f")]);
      const links = (await nodesOf(nodeOf(nodes, "c"))).get("e")?.links ?? [];
      const upstream = links.find(({ mbps }) => mbps > 0)?.to ?? "a";
      await nodeOf(nodes, upstream).kill();
      await cluster.pause();
      const seen = cluster.seen();
      const limit = paths === 2 ? UNDISTURBED_MS : 3000;
      return {
        drill: paths === 2 ? "origin" : "origin-one-path",
        broke: `an origin that both edges fetch from was killed; the edges have ${paths === 2 ? "two paths" : "one path"}`,
        promise: `no gap over ${limit} ms`,
        held: longestGap(seen) <= limit + (paths === 2 ? HLS_PART_MS : 0),
        seen,
        notes: paths === 2 ? [`HLS arrives in parts of ${HLS_PART_MS} ms; its limit is ${limit + HLS_PART_MS} ms.`] : [],
      };
    });
}

export const killOriginTwoPaths = killOrigin(2);
export const killOriginOnePath = killOrigin(1);

export function killIngest(options: DrillOptions): Promise<DrillResult> {
  return inCluster(options, async (cluster) => {
    const nats = await cluster.startNats();
    const set = { "recording.auto": "pushed" };
    const nodes = await cluster.startNodes(nats, {
      a: { roles: "origin,control", set },
      e: "edge",
      // The publisher's nodes are origins, like nodes with all roles.
      i: { roles: "origin,edge", set },
      j: { roles: "origin,edge", set },
    });
    const [a, i, j, e] = [nodeOf(nodes, "a"), nodeOf(nodes, "i"), nodeOf(nodes, "j"), nodeOf(nodes, "e")];
    const before = await cluster.publish("x", [i, j], a);
    await cluster.watch("x", [e]);
    await i.kill();
    const now = await a.stream("x", ({ term }) => term > before.term);
    await cluster.pause();
    const seen = cluster.seen();
    const recordings = (await (await a.api("/api/v1/recordings")).json()) as { items: unknown[] };
    const same = now.epoch === before.epoch && recordings.items.length === 1;
    return {
      drill: "ingest",
      broke: "the publisher's node was killed; the publisher connected to another node",
      promise: "the same stream, one recording, no viewer is disconnected, the pause is at most the grace period (15 s)",
      held: same && longestGap(seen) <= 15_000 && seen.every(({ reconnects }) => reconnects === 0),
      seen,
      notes: [
        `${recordings.items.length} recording; epoch ${now.epoch === before.epoch ? "the same" : "another"}; term ${now.term}`,
      ],
    };
  });
}

export function standbyTakesOver(options: DrillOptions): Promise<DrillResult> {
  return inCluster(options, async (cluster) => {
    const nats = await cluster.startNats();
    const nodes = await cluster.startNodes(nats, { a: "origin,control", i: "edge", e: "edge" });
    const a = nodeOf(nodes, "a");
    const file = cluster.makeClip();
    const push = (node: Node, query: string) =>
      ffmpeg(cluster.scope, ["-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "flv", `${node.rtmp}/live/x${query}`])
        .child;
    const main = push(a, "");
    const before = await a.stream("x", ({ video }) => video !== null);
    push(nodeOf(nodes, "i"), "?backup=1");
    await cluster.watch("x", [nodeOf(nodes, "e"), a]);
    // A stopped process behaves like a cut line: the connection stays open and silent.
    main.kill("SIGSTOP");
    const now = await a.stream("x", ({ term }) => term > before.term);
    await cluster.pause();
    main.kill("SIGKILL");
    const seen = cluster.seen();
    return {
      drill: "backup",
      broke: "the main publisher fell silent; a standby publisher is connected to another node",
      promise: "no gap over 1 s, the same stream, no viewer is disconnected",
      held:
        longestGap(seen) <= 1000 + HLS_PART_MS && now.epoch === before.epoch && seen.every(({ reconnects }) => reconnects === 0),
      seen,
      notes: [BATCH_NOTE],
    };
  });
}

export function killNats(options: DrillOptions): Promise<DrillResult> {
  return inCluster(options, async (cluster) => {
    const nats = await cluster.startNats();
    const nodes = await cluster.startNodes(nats, { a: "origin,control", e: "edge", f: "edge" });
    await cluster.publish("x", [nodeOf(nodes, "a")], nodeOf(nodes, "a"));
    await cluster.watch("x", [nodeOf(nodes, "e"), nodeOf(nodes, "f")]);
    await nats.kill();
    await cluster.pause(0.5);
    const joining = performance.now();
    const late = new LocalCluster(options);
    await late.watch("x", [nodeOf(nodes, "e"), nodeOf(nodes, "f")]).finally(() => late.close());
    const joinMs = Math.round(performance.now() - joining);
    await nats.restart();
    await cluster.pause();
    const seen = cluster.seen();
    return {
      drill: "nats",
      broke: "the NATS server was killed, and restarted later",
      promise: "viewers notice nothing, and new viewers can join meanwhile",
      held: longestGap(seen) <= UNDISTURBED_MS + HLS_PART_MS && seen.every(({ reconnects }) => reconnects === 0),
      seen,
      notes: [`the same number of viewers joined without NATS; all received media (${joinMs} ms, including the time they watched)`],
    };
  });
}

export function drainEdge(options: DrillOptions): Promise<DrillResult> {
  return inCluster(options, async (cluster) => {
    const nats = await cluster.startNats();
    const nodes = await cluster.startNodes(nats, { a: "origin,control", e: "edge", f: "edge" });
    const [a, e] = [nodeOf(nodes, "a"), nodeOf(nodes, "e")];
    await cluster.publish("x", [a], a);
    await cluster.watch("x", [e, nodeOf(nodes, "f")]);
    await a.api("/api/v1/nodes/e/drain", { method: "POST" });
    await new Promise((resolve) => setTimeout(resolve, DRAINED_MS));
    const left = await connectedViewers(e);
    await cluster.pause(0.5);
    const seen = cluster.seen();
    return {
      drill: "drain",
      broke: "an edge with half of the viewers was drained: it moved them to other nodes",
      promise: "no gap is longer than a player's buffer (1 s)",
      held: longestGap(seen) <= 1000 && left === 0,
      seen,
      notes: [
        `${left} connected viewers were left at the node`,
        "a viewer who reconnects starts at the newest key frame and may miss the frames before it",
      ],
    };
  });
}

/** Viewers of a node that have a connection; HLS viewers have none. */
async function connectedViewers({ http }: Node): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text();
  const counts = [...text.matchAll(/^lectern_viewers\{protocol="(?:flv|ws|rtmp)"\} (\d+)/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function inCluster(options: DrillOptions, drill: (cluster: LocalCluster) => Promise<DrillResult>): Promise<DrillResult> {
  const cluster = new LocalCluster(options);
  try {
    return await drill(cluster);
  } finally {
    await cluster.close();
  }
}
