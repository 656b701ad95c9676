/** Runs a drill: the only node that can record stands still for longer than the log of a stream reaches back. The publisher is at another node. */
import { nodesOf, standStill } from "../../e2e/cluster.ts";
import { until } from "../../e2e/lectern.ts";
import { recordedStreams, recordedUntil } from "../testbed/cluster-recordings.ts";
import { LocalCluster, nodeOf } from "../testbed/local-cluster.ts";
import { longestGap } from "../testbed/viewer-summary.ts";
import { BUSY_GAP_MS, type DrillOptions, type DrillResult, GAP_COLUMNS, HLS_PART_MS } from "./drill.ts";

const PAUSES_S = [20, 40] as const;

export async function pauseRecorder(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster(options);
  try {
    const nats = await cluster.startNats();
    const nodes = await cluster.startNodes(nats, {
      e: "control,edge",
      o: { roles: "origin", set: { "recording.auto": "pushed" } },
    });
    const [e, o] = [nodeOf(nodes, "e"), nodeOf(nodes, "o")];
    const before = await cluster.publish("x", [e], e);
    await cluster.watch("x", [e]);
    const rows: (readonly (string | number)[])[] = [];
    for (const seconds of options.quick ? PAUSES_S.slice(0, 1) : PAUSES_S) {
      await standStill(o, seconds * 1000);
      await until(async () => (await nodesOf(e)).get("o")?.state === "up", "the recorder to be back", 60_000);
      await recordedUntil(e, Date.now());
      const { recordings, framesMissing } = await recordedStreams(e);
      rows.push([seconds, recordings, framesMissing, ...cluster.seen().map(({ longestGapMs }) => longestGapMs)]);
    }
    const now = await e.stream("x", ({ video }) => video !== null);
    const isWhole = rows.every(([, recordings, frames]) => recordings === 1 && frames === 0);
    return {
      drill: "recorder-pause",
      broke: "the only node that can record stood still",
      promise: "one recording, in which no frame is missing; no viewer notices",
      held: isWhole && now.epoch === before.epoch && longestGap(cluster.seen()) <= BUSY_GAP_MS + HLS_PART_MS,
      seen: cluster.seen(),
      table: {
        columns: ["stood still, s", "recordings", "frames missing", ...GAP_COLUMNS],
        rows,
      },
      notes: [`HLS arrives in parts of ${HLS_PART_MS} ms, and its limit includes the part`],
    };
  } finally {
    await cluster.close();
  }
}
