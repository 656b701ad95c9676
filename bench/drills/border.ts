/** Runs a drill: an edge abroad, with a poor line from the origin and a good one through a node on the coast. Needs root and TUN devices. */
import { until } from "../../e2e/lectern.ts";
import { ACROSS_REGIONS, LabCluster, type LabNode, nodesAt } from "../netlab/lab-cluster.ts";
import { longestGap } from "../testbed/viewer-summary.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";
import { inSeconds, makeLessonClip } from "./lesson-clip.ts";

const ACROSS_BORDER = { delay: 60, loss: 5 } as const;
const VIEWERS = 10;
const LIMIT_MS = 1000;
const SWITCHED_WITHIN_MS = 90_000;

export async function border(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LabCluster();
  try {
    const { lab } = cluster;
    const [inland, coast, abroad] = [lab.addHost("inland"), lab.addHost("coast"), lab.addHost("abroad")];
    await lab.addLink(inland, coast, ACROSS_REGIONS);
    await lab.addLink(coast, abroad, ACROSS_REGIONS);
    await lab.addLink(inland, abroad, ACROSS_BORDER);
    cluster.startNats(inland);
    const origin = await cluster.startNode(inland, inland, "origin,control", { "cluster.node.region": "inland" });
    await cluster.startNode(coast, inland, "edge", { "cluster.node.region": "coast" });
    await cluster.startNode(abroad, inland, "edge", { "cluster.node.region": "overseas" });
    await cluster.untilJoined(origin);
    cluster.publish(inland, await makeLessonClip(cluster.directory), "x");
    await cluster.untilLive(origin);
    const [onCoast, viewers] = [cluster.watch(coast, "x", 1, "low"), cluster.watch(abroad, "x", VIEWERS, "low")];
    await Promise.all([onCoast.untilPlaying(1, "coast"), viewers.untilPlaying(VIEWERS, "abroad")]);
    await viewers.measure();
    const begun = performance.now();
    const upstream = async () => (await linksOf(origin, "abroad")).find(({ mbps }) => mbps > 0.3)?.to;
    await until(async () => (await upstream()) === "coast", "the path through the coast", SWITCHED_WITHIN_MS);
    const switchMs = performance.now() - begun;
    const [before] = (await viewers.report()).seen;
    await viewers.measure();
    await new Promise((resolve) => setTimeout(resolve, options.quick ? 10_000 : 60_000));
    const { seen } = await viewers.report();
    const direct = (await linksOf(origin, "abroad")).find(({ to }) => to === "inland");
    return {
      drill: "border",
      broke: `an edge abroad: ${ACROSS_BORDER.delay * 2} ms and ${ACROSS_BORDER.loss} % loss from the origin, two good lines through the coast`,
      promise: "the edge switches to the path through the coast by itself; from then on, no gap over 1 s",
      held: longestGap(seen) <= LIMIT_MS && (await upstream()) === "coast" && seen.every(({ reconnects }) => reconnects === 0),
      seen,
      notes: [
        `the edge switched after ${inSeconds(switchMs)}, with a longest gap of ${Math.round(before?.longestGapMs ?? 0)} ms; it recorded ${direct?.lossPercent} % loss on the direct path`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

async function linksOf(node: LabNode, id: string) {
  return (await nodesAt(node)).find((one) => one.id === id)?.links ?? [];
}
