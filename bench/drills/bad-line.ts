/** Runs a drill: an edge of another carrier, over a line with packet loss; with one and two paths, CUBIC and BBR. Needs root and TUN devices. */
import { ACROSS_CARRIERS, ACROSS_REGIONS, LabCluster } from "../netlab/lab-cluster.ts";
import type { ProtocolSummary } from "../testbed/viewer-summary.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";
import { inSeconds, LESSON_KBPS, makeLessonClip } from "./lesson-clip.ts";

const SECONDS = { whole: 180, quick: 40 } as const;
const VIEWERS = 10;
/** The promised limit, for gaps and for falling behind. */
const LIMIT_MS = 1000;
const CASES = [
  { congestion: "cubic", paths: "1", promised: false },
  { congestion: "cubic", paths: "2", promised: true },
  { congestion: "bbr", paths: "1", promised: true },
  { congestion: "bbr", paths: "2", promised: true },
] as const;

export async function badLine(options: DrillOptions): Promise<DrillResult> {
  const seconds = options.quick ? SECONDS.quick : SECONDS.whole;
  const rows: ProtocolSummary[] = [];
  const notes: string[] = [];
  let held = true;
  for (const { congestion, paths, promised } of CASES) {
    const cluster = new LabCluster();
    try {
      const row = await watchOverBadLine(cluster, congestion, paths, seconds);
      rows.push({ ...row, protocol: `${congestion}, ${paths} path${paths === "1" ? "" : "s"}` });
      if (promised && (row.longestGapMs > LIMIT_MS || row.behindMs > LIMIT_MS)) held = false;
      if (!promised)
        notes.push(
          `one path with CUBIC: longest gap ${inSeconds(row.longestGapMs)}, ${inSeconds(row.behindMs)} behind at the end; no promise`,
        );
    } finally {
      await cluster.close();
    }
  }
  return {
    drill: "bad-line",
    broke: `an edge of another carrier: 80 ms round trip, 3 % packet loss, a lesson of ${LESSON_KBPS} kbps for ${seconds} s`,
    promise: "two paths with CUBIC, or BBR: no gap over 1 s, and at most 1 s behind at the end",
    held,
    seen: rows,
    notes,
  };
}

async function watchOverBadLine(cluster: LabCluster, congestion: string, paths: string, seconds: number): Promise<ProtocolSummary> {
  const { lab } = cluster;
  const [a1, a2, b1] = [lab.addHost("a1", congestion), lab.addHost("a2", congestion), lab.addHost("b1", congestion)];
  await lab.addLink(a1, a2, ACROSS_REGIONS);
  await lab.addLink(a1, b1, ACROSS_CARRIERS);
  await lab.addLink(a2, b1, ACROSS_CARRIERS);
  cluster.startNats(a1);
  const of = (region: string, carrier: string) => ({ "cluster.node.region": region, "cluster.node.carriers": `[${carrier}]` });
  const origin = await cluster.startNode(a1, a1, "origin,control", of("north", "a"));
  await cluster.startNode(a2, a1, "origin", of("south", "a"));
  await cluster.startNode(b1, a1, "edge", { ...of("north", "b"), "relay.paths": paths });
  await cluster.untilJoined(origin);
  cluster.publish(a1, await makeLessonClip(cluster.directory), "x");
  await cluster.untilLive(origin);
  const viewers = cluster.watch(b1, "x", VIEWERS, "low");
  await viewers.untilPlaying(VIEWERS, "b1");
  await new Promise((resolve) => setTimeout(resolve, 5000));
  await viewers.measure();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const [row] = (await viewers.report()).seen;
  if (!row) throw new Error("there is no viewer");
  return row;
}
