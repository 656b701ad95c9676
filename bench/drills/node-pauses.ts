/**
 * Runs a drill: nodes stand still one after the other, as virtual machines do when they are moved: the writer, the recorder, an edge, and the node
 * with the control process.
 */
import { type Node, nodesOf, standStill } from "../../e2e/cluster.ts";
import { until } from "../../e2e/lectern.ts";
import { LocalCluster, nodeOf } from "../testbed/local-cluster.ts";
import { longestGap } from "../testbed/viewer-summary.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";

/** Longer than it takes until the others take the node for gone; shorter than the publisher's grace period. */
const PAUSE_MS = 6000;
/** After a pause, a viewer has media again within this. */
const AGAIN_MS = 3000;

export async function pauseNodes(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster(options);
  try {
    const nats = await cluster.startNats();
    const set = { "recording.auto": "pushed", "cluster.origins": "2" };
    const nodes = await cluster.startNodes(nats, {
      a: { roles: "origin,control", set },
      w: { roles: "origin,edge", set },
      r: { roles: "origin,edge", set },
      e: { roles: "edge", set },
    });
    const all = [...nodes.values()];
    const [a, w] = [nodeOf(nodes, "a"), nodeOf(nodes, "w")];
    const before = await cluster.publish("x", [w], a);
    await cluster.watch("x", [nodeOf(nodes, "e"), nodeOf(nodes, "r"), a]);
    const rounds = options.quick ? 1 : 3;
    let moves = 0;
    for (let round = 0; round < rounds; round++) {
      for (const id of ["w", "r", "e", "a"]) {
        if (await records(nodeOf(nodes, id))) moves++;
        await standStill(nodeOf(nodes, id), PAUSE_MS);
        await joinedAgain(all);
        await cluster.pause(0.5);
      }
    }
    const now = await a.stream("x", ({ video }) => video !== null);
    const seen = cluster.seen();
    const { items } = (await (await a.api("/api/v1/recordings")).json()) as { items: unknown[] };
    const wrong = all.filter((node) => judgedOthers(node));
    // A recorder that stands still loses its lease, and the node that takes it records what it still has of the past.
    const same = now.epoch === before.epoch && items.length >= 1 && items.length <= 1 + moves;
    return {
      drill: "pauses",
      broke: `the writer, the recorder, an edge and the control node stood still for ${PAUSE_MS / 1000} s, one after the other, ${rounds} times`,
      promise: `no node that stood still takes others for gone; the same stream; another recording only where the recorder stood still; viewers have media ${AGAIN_MS / 1000} s after each pause`,
      held: same && wrong.length === 0 && longestGap(seen) <= PAUSE_MS + AGAIN_MS,
      seen,
      notes: [
        `the recorder stood still ${moves} times; ${items.length} recordings; epoch ${now.epoch === before.epoch ? "the same" : "another"}; term ${now.term}`,
        wrong.length === 0 ? "no node took others for gone" : `took others for gone: ${wrong.map(({ id }) => id).join(", ")}`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

/** Whether a node records the stream. */
async function records({ http }: Node): Promise<boolean> {
  const text = await (await fetch(`${http}/metrics`)).text();
  return /^lectern_jobs\{kind="record",state="running"\} [1-9]/m.test(text);
}

async function joinedAgain(nodes: readonly Node[]): Promise<void> {
  for (const node of nodes)
    await until(
      async () => {
        const known = await nodesOf(node).catch(() => new Map<string, { readonly state: string }>());
        return nodes.every(({ id }) => known.get(id)?.state === "up");
      },
      `${node.id} to see the others`,
      60_000,
    );
}

/** Whether a node logged that more than one other was gone in the same second: only one of them stood still at a time. */
function judgedOthers(node: Node): boolean {
  const times = node
    .said()
    .split("\n")
    .filter((line) => line.includes('"node gone"'))
    .map((line) => Date.parse(/"time":"([^"]+)"/.exec(line)?.[1] ?? ""));
  return times.some((time, i) => i > 0 && time - (times[i - 1] ?? 0) < PAUSE_MS / 2);
}
