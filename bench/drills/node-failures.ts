/** Drills in which one thing dies, on one machine: a node by SIGKILL, the bus, or a node that is drained. */
import { type Node, nodesOf } from "../../e2e/cluster.ts";
import { ffmpeg } from "../../e2e/ffmpeg.ts";
import { type DrillOptions, type DrillResult, LocalCluster, longestGap, nodeOf } from "../testbed/local-cluster.ts";

/** HLS comes in parts of 400 ms: so much is no gap. */
const PART_MS = 400;
/** Without anything broken, a busy machine lets a viewer wait so long. */
const CALM_MS = 500;

export async function killEdge(options: DrillOptions): Promise<DrillResult> {
  return await play(options, async (cluster) => {
    const nats = await cluster.nats();
    const nodes = await cluster.nodes(nats, { a: "origin,control", e: "edge", f: "edge" });
    await cluster.publish("x", [nodeOf(nodes, "a")], nodeOf(nodes, "a"));
    await cluster.watch("x", [nodeOf(nodes, "e"), nodeOf(nodes, "f")]);
    await nodeOf(nodes, "e").kill();
    await cluster.pause();
    const seen = cluster.seen();
    return {
      drill: "edge",
      broke: "an edge with half of the viewers was killed",
      promise: "no viewer is without a picture for more than 3 s",
      held: longestGap(seen) <= 3000,
      seen,
      notes: [],
    };
  });
}

/** @param paths of the edges */
function killOrigin(paths: 1 | 2) {
  return (options: DrillOptions): Promise<DrillResult> =>
    play(options, async (cluster) => {
      const nats = await cluster.nats();
      const edge = { roles: "edge", set: { "relay.paths": String(paths) } };
      const nodes = await cluster.nodes(nats, { c: "control", a: "origin", b: "origin", i: "edge", e: edge, f: edge });
      await cluster.publish("x", [nodeOf(nodes, "i")], nodeOf(nodes, "c"));
      await cluster.watch("x", [nodeOf(nodes, "e"), nodeOf(nodes, "f")]);
      const links = (await nodesOf(nodeOf(nodes, "c"))).get("e")?.links ?? [];
      const main = links.find(({ mbps }) => mbps > 0)?.to ?? "a";
      await nodeOf(nodes, main).kill();
      await cluster.pause();
      const seen = cluster.seen();
      const limit = paths === 2 ? CALM_MS : 3000;
      return {
        drill: paths === 2 ? "origin" : "origin-one-path",
        broke: `an origin that both edges fetch from was killed; they have ${paths === 2 ? "two paths" : "one path"}`,
        promise: `no gap over ${limit} ms`,
        held: longestGap(seen) <= limit + (paths === 2 ? PART_MS : 0),
        seen,
        notes: paths === 2 ? [`HLS comes in parts of ${PART_MS} ms, which are no gap: its limit is ${limit + PART_MS} ms.`] : [],
      };
    });
}

export const killOriginTwoPaths = killOrigin(2);
export const killOriginOnePath = killOrigin(1);

export async function killIngest(options: DrillOptions): Promise<DrillResult> {
  return await play(options, async (cluster) => {
    const nats = await cluster.nats();
    const set = { "recording.auto": "pushed" };
    const nodes = await cluster.nodes(nats, {
      ...{ a: { roles: "origin,control", set }, e: "edge" },
      // Which keep what is published there, like nodes that have all roles.
      ...{ i: { roles: "origin,edge", set }, j: { roles: "origin,edge", set } },
    });
    const [a, i, j, e] = ["a", "i", "j", "e"].map((id) => nodeOf(nodes, id));
    if (!a || !i || !j || !e) throw new Error("a node is missing");
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
      broke: "the node that took the publisher was killed; the publisher came to another one",
      promise: "the same stream, one recording, no viewer is cut off, the pause is no longer than the grace period (15 s)",
      held: same && longestGap(seen) <= 15_000 && seen.every(({ reconnects }) => reconnects === 0),
      seen,
      notes: [
        `${recordings.items.length} recording; epoch ${now.epoch === before.epoch ? "the same" : "another"}; term ${now.term}`,
      ],
    };
  });
}

export async function standbyTakesOver(options: DrillOptions): Promise<DrillResult> {
  return await play(options, async (cluster) => {
    const nats = await cluster.nats();
    const nodes = await cluster.nodes(nats, { a: "origin,control", i: "edge", e: "edge" });
    const a = nodeOf(nodes, "a");
    const file = await cluster.film();
    const push = (node: Node, query: string) =>
      ffmpeg(cluster.scope, ["-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "flv", `${node.rtmp}/live/x${query}`])
        .child;
    const main = push(a, "");
    const before = await a.stream("x", ({ video }) => video !== null);
    push(nodeOf(nodes, "i"), "?backup=1");
    await cluster.watch("x", [nodeOf(nodes, "e"), a]);
    // A line that is cut, not a program that ends: nothing says that it is gone.
    main.kill("SIGSTOP");
    const now = await a.stream("x", ({ term }) => term > before.term);
    await cluster.pause();
    main.kill("SIGKILL");
    const seen = cluster.seen();
    return {
      drill: "backup",
      broke: "the main publisher fell silent; its backup waits at another node",
      promise: "a picture again within 1 s, of the same stream, and nobody is cut off",
      held: longestGap(seen) <= 1000 + PART_MS && now.epoch === before.epoch && seen.every(({ reconnects }) => reconnects === 0),
      seen,
      notes: [`HLS comes in parts of ${PART_MS} ms, and FLV in batches of 200 ms, which add to what is promised.`],
    };
  });
}

export async function killNats(options: DrillOptions): Promise<DrillResult> {
  return await play(options, async (cluster) => {
    const nats = await cluster.nats();
    const nodes = await cluster.nodes(nats, { a: "origin,control", e: "edge", f: "edge" });
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
      broke: "the NATS server was killed, and started again later",
      promise: "viewers notice nothing, and new ones come in meanwhile",
      held: longestGap(seen) <= CALM_MS + PART_MS && seen.every(({ reconnects }) => reconnects === 0),
      seen,
      notes: [`as many viewers again came while it was away, and all had a picture (within ${joinMs} ms with what they watched)`],
    };
  });
}

export async function drainEdge(options: DrillOptions): Promise<DrillResult> {
  return await play(options, async (cluster) => {
    const nats = await cluster.nats();
    const nodes = await cluster.nodes(nats, { a: "origin,control", e: "edge", f: "edge" });
    const [a, e] = [nodeOf(nodes, "a"), nodeOf(nodes, "e")];
    await cluster.publish("x", [a], a);
    await cluster.watch("x", [e, nodeOf(nodes, "f")]);
    await a.api("/api/v1/nodes/e/drain", { method: "POST" });
    // Those with a connection are moved within seven seconds, those without one are told so at the end of them.
    await new Promise((resolve) => setTimeout(resolve, 8000));
    const left = await watching(e);
    await cluster.pause(0.5);
    const seen = cluster.seen();
    return {
      drill: "drain",
      broke: "an edge with half of the viewers was drained: they were moved on",
      promise: "nobody is without a picture for more than a player has in hand (1 s)",
      held: longestGap(seen) <= 1000 && left === 0,
      seen,
      notes: [
        `${left} viewers with a connection were left at the node`,
        "whoever comes anew begins at the newest key frame, and may miss the frames between what it had and that one",
      ],
    };
  });
}

/** Viewers of a node that have a connection. */
async function watching({ http }: Node): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text();
  const counts = [...text.matchAll(/^lectern_viewers\{protocol="(?:flv|ws|rtmp)"\} (\d+)/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function play(options: DrillOptions, drill: (cluster: LocalCluster) => Promise<DrillResult>): Promise<DrillResult> {
  const cluster = new LocalCluster(options);
  try {
    return await drill(cluster);
  } finally {
    await cluster.close();
  }
}
