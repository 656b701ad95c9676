/** Runs a drill: the network splits into two parts with a publisher of the same stream in each, and is restored. Needs root and TUN devices. */
import { clip } from "../../e2e/clips.ts";
import { until } from "../../e2e/lectern.ts";
import { INSIDE_REGION, LabCluster, type LabNode } from "../netlab/lab-cluster.ts";
import { longestGap } from "../testbed/viewer-summary.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";

const PROTOCOLS = "flv,ws,rtmp,hls";
const VIEWERS = 8;

export async function partition(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LabCluster();
  const watchMs = options.quick ? 5000 : 15_000;
  try {
    const { lab } = cluster;
    const [left, right] = [lab.addHost("left"), lab.addHost("right")];
    const link = await lab.addLink(left, right, INSIDE_REGION);
    cluster.startNats(left);
    const leftNode = await cluster.startNode(left, left, "origin,control");
    const rightNode = await cluster.startNode(right, left, "origin,edge");
    await cluster.untilJoined(leftNode);
    const file = clip("b-frames", 20);
    cluster.publish(left, file, "x");
    const [before] = await streamsAt(leftNode);
    await until(async () => (await streamsAt(leftNode)).length === 1, "the stream", 30_000);
    cluster.publish(right, file, "x");
    const viewers = {
      left: cluster.watch(left, "x", VIEWERS, PROTOCOLS),
      right: cluster.watch(right, "x", VIEWERS, PROTOCOLS),
    };
    for (const [side, group] of Object.entries(viewers)) await group.untilPlaying(VIEWERS, side);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    link.cut();
    await until(() => rightNode.said().includes('"publisher connected"'), "the publisher of the right part", 60_000);
    await new Promise((resolve) => setTimeout(resolve, watchMs));
    const reports = await Promise.all(Object.values(viewers).map((group) => group.measure()));
    link.restore();
    await until(() => /"reason":"superseded"/.test(leftNode.said()), "the end of the superseded publisher", 60_000);
    await new Promise((resolve) => setTimeout(resolve, watchMs));
    const after = await Promise.all(Object.values(viewers).map((group) => group.report()));
    const [stream] = await streamsAt(leftNode);
    const seen = after.flatMap(({ seen }, side) =>
      seen.map((row) => ({ ...row, protocol: `${side === 0 ? "left" : "right"}, ${row.protocol}` })),
    );
    const isOneStream = stream?.node === "right" && new Set(after.flatMap(({ epochs }) => epochs)).size === 1;
    return {
      drill: "partition",
      broke: "the line between two parts was cut, with a publisher of the same stream in each part, and restored",
      promise: "one term wins, the other publisher is closed, all viewers receive one stream again",
      held: isOneStream && longestGap(seen) <= 15_000,
      seen,
      notes: [
        `both parts played during the partition: ${reports.map(({ playing }) => `${playing} viewers`).join(" and ")}`,
        `afterwards: term ${stream?.term} (before: ${before?.term ?? 1}), written at ${stream?.node}; the gaps are those of viewers whose stream was replaced`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

type StreamReport = { readonly term: number; readonly node: string };

async function streamsAt(node: Pick<LabNode, "api">): Promise<readonly StreamReport[]> {
  const text = await node.api("/api/v1/streams");
  return text.startsWith("{") ? ((JSON.parse(text) as { items?: StreamReport[] }).items ?? []) : [];
}
