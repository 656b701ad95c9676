/**
 * Runs a drill: the bus hangs instead of dying, and an edge is cut off from it alone, both ways and one way. A node that does not hear its own
 * heartbeat declares no other gone, and one that answers directly is not declared gone.
 */
import { busLine, type Cut, type Node, nodesOf } from "../../e2e/cluster.ts";
import { LocalCluster, nodeOf } from "../testbed/local-cluster.ts";
import { longestGap } from "../testbed/viewer-summary.ts";
import { BUSY_GAP_MS, type DrillOptions, type DrillResult, GAP_COLUMNS, HLS_PART_MS } from "./drill.ts";

const HANGS_S = [5, 20, 60] as const;
const CUT_S = 20;
/** After the bus is back, nodes hear everything at once, and may take others for gone within this. */
const AFTER_MS = 6000;
const CUTS = ["both ways", "to the bus", "from the bus"] satisfies Cut[];

type Row = readonly (string | number)[];

export async function silenceBus(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster(options);
  try {
    const nats = await cluster.startNats();
    const line = await busLine(cluster.scope, nats);
    const origin = { roles: "origin", set: { "recording.auto": "pushed" } };
    const nodes = await cluster.startNodes(nats, {
      a: { roles: "origin,control", set: origin.set },
      b: origin,
      f: "edge",
      e: { roles: "edge", set: { "cluster.nats": JSON.stringify([line.url]) } },
    });
    const all = [...nodes.values()];
    const [a, e] = [nodeOf(nodes, "a"), nodeOf(nodes, "e")];
    const before = await cluster.publish("x", [e], a);
    await cluster.watch("x", [e, nodeOf(nodes, "f"), nodeOf(nodes, "b")]);
    const rows: Row[] = [];
    let said = all.map((node) => node.said().length);
    const after = async (what: string, seconds: number) => {
      await wait(AFTER_MS);
      const seen = cluster.seen();
      const judged = all.filter((node, i) => node.said().slice(said[i]).includes('"node gone"')).map(({ id }) => id);
      said = all.map((node) => node.said().length);
      const { term } = await a.stream("x");
      const gaps = seen.map(({ longestGapMs }) => longestGapMs);
      const reconnects = seen.reduce((sum, one) => sum + one.reconnects, 0);
      const lost = seen.reduce((sum, one) => sum + one.lost, 0);
      rows.push([what, seconds, ...gaps, reconnects, lost, term - before.term, judged.join(" ") || "none"]);
      const isHeld = longestGap(seen) <= BUSY_GAP_MS + HLS_PART_MS && reconnects + lost === 0 && judged.length === 0;
      for (const viewer of cluster.viewers) viewer.measure();
      return isHeld && term === before.term;
    };
    const outcomes: boolean[] = [];
    for (const seconds of options.quick ? HANGS_S.slice(0, 2) : HANGS_S) {
      nats.hang();
      await wait(seconds * 1000).finally(() => nats.goOn());
      outcomes.push(await after("NATS hangs", seconds));
    }
    for (const cut of CUTS) {
      line.cut(cut);
      await wait(CUT_S * 1000);
      const known = (await nodesOf(a)).get("e")?.state;
      line.cut("none");
      outcomes.push((await after(`an edge is cut, ${cut}`, CUT_S)) && known === "up");
    }
    const recordings = await recordingsOf(a);
    return {
      drill: "bus-silence",
      broke: "the bus hung, then the publisher's edge was cut off from it alone, in three ways",
      promise: `no gap over ${BUSY_GAP_MS} ms, no reconnect, no lost frame; the publisher stays; one recording; no node is declared gone`,
      held: outcomes.every((isHeld) => isHeld) && recordings === 1,
      seen: cluster.seen(),
      table: {
        columns: ["broke", "seconds", ...GAP_COLUMNS, "reconnects", "lost", "terms", "declared others gone"],
        rows,
      },
      notes: [`${recordings} recording; HLS arrives in parts of ${HLS_PART_MS} ms, and its limit includes the part`],
    };
  } finally {
    await cluster.close();
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function recordingsOf(node: Node): Promise<number> {
  const { items } = (await (await node.api("/api/v1/recordings")).json()) as { items: unknown[] };
  return items.length;
}
