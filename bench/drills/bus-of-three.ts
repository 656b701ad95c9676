/**
 * Runs a drill: the bus consists of three NATS servers, one of which hangs, each in turn. Nodes that are connected to it go over to another one;
 * those that are not notice nothing.
 */
import { joined, startThreeNats } from "../../e2e/cluster.ts";
import { LocalCluster } from "../testbed/local-cluster.ts";
import { longestGap } from "../testbed/viewer-summary.ts";
import { BUSY_GAP_MS, type DrillOptions, type DrillResult, GAP_COLUMNS, HLS_PART_MS } from "./drill.ts";

const HANGS_S = 20;
/** Nodes notice a silent server within six seconds, and have heard everybody again then. */
const AFTER_MS = 6000;

export async function hangOneOfThree(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster(options);
  try {
    const servers = await startThreeNats(cluster.scope);
    const [first] = servers;
    if (!first) throw new Error("no NATS server");
    const set = { "cluster.nats": JSON.stringify(servers.map(({ url }) => url)), "recording.auto": "pushed" };
    const nodes = await cluster.startNodes(first, {
      a: { roles: "origin,control", set },
      b: { roles: "origin", set },
      e: { roles: "edge", set },
      f: { roles: "edge", set },
    });
    const all = [...nodes.values()];
    const [a, , e, f] = all;
    if (!a || !e || !f) throw new Error("a node is missing");
    const before = await cluster.publish("x", [e], a);
    await cluster.watch("x", [e, f, a]);
    const rows: (readonly (string | number)[])[] = [];
    let said = all.map((node) => node.said().length);
    for (const [i, server] of servers.slice(0, options.quick ? 1 : servers.length).entries()) {
      const clients = server.clients();
      server.hang();
      await wait(HANGS_S * 1000).finally(() => server.goOn());
      await wait(AFTER_MS);
      await joined(all);
      const judged = all.filter((node, at) => node.said().slice(said[at]).includes('"node gone"')).map(({ id }) => id);
      said = all.map((node) => node.said().length);
      const seen = cluster.seen();
      const lost = seen.reduce((sum, one) => sum + one.lost + one.reconnects, 0);
      rows.push([i + 1, clients, ...seen.map(({ longestGapMs }) => longestGapMs), lost, judged.join(" ") || "none"]);
    }
    const { term } = await a.stream("x");
    const { items } = (await (await a.api("/api/v1/recordings")).json()) as { items: unknown[] };
    const isQuiet = rows.every((row) => row.at(-1) === "none" && row.at(-2) === 0);
    return {
      drill: "bus-of-three",
      broke: `of three NATS servers, one after the other hung for ${HANGS_S} s`,
      promise: `no gap over ${BUSY_GAP_MS} ms, no reconnect, no lost frame; the publisher stays; one recording; no node is declared gone`,
      held: isQuiet && longestGap(cluster.seen()) <= BUSY_GAP_MS + HLS_PART_MS && term === before.term && items.length === 1,
      seen: cluster.seen(),
      table: {
        columns: ["NATS server", "connections to it", ...GAP_COLUMNS, "reconnects and lost", "declared others gone"],
        rows,
      },
      notes: [`${items.length} recording; HLS arrives in parts of ${HLS_PART_MS} ms, and its limit includes the part`],
    };
  } finally {
    await cluster.close();
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
