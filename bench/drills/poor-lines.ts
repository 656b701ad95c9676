/** Drills of lines between places: one that is bad, and one that breaks and parts the cluster in two. Need root and TUN devices. */
import { clip } from "../../e2e/clips.ts";
import { ffmpegDone } from "../../e2e/ffmpeg.ts";
import { until } from "../../e2e/lectern.ts";
import { ACROSS_CARRIERS, ACROSS_REGIONS, INSIDE, LAB_SCOPE, LabCluster, type LabNode, nodesAt } from "../netlab/lab-cluster.ts";
import { type DrillOptions, type DrillResult, longestGap, type ProtocolSummary } from "../testbed/local-cluster.ts";

const ACROSS_BORDER = { delay: 60, loss: 5 } as const;
const SECONDS = { whole: 180, quick: 40 } as const;
/** Of the lesson that goes over the bad line. */
const KBPS = 1000;
/** Of what is promised, a gap as well as falling behind. */
const LIMIT_MS = 1000;
const CASES = [
  { congestion: "cubic", paths: "1", promised: false },
  { congestion: "cubic", paths: "2", promised: true },
  { congestion: "bbr", paths: "1", promised: true },
  { congestion: "bbr", paths: "2", promised: true },
] as const;

/** An edge of another carrier, over one path and over two, with either congestion control. */
export async function badLine(options: DrillOptions): Promise<DrillResult> {
  const seconds = options.quick ? SECONDS.quick : SECONDS.whole;
  const rows: ProtocolSummary[] = [];
  const notes: string[] = [];
  let held = true;
  for (const { congestion, paths, promised } of CASES) {
    const cluster = new LabCluster();
    try {
      const row = await overBadLine(cluster, congestion, paths, seconds);
      rows.push({ ...row, protocol: `${congestion}, ${paths} path${paths === "1" ? "" : "s"}` });
      if (promised && (row.longestGapMs > LIMIT_MS || row.behindMs > LIMIT_MS)) held = false;
      if (!promised)
        notes.push(
          `one path with CUBIC: nothing new for up to ${seconds1(row.longestGapMs)}, and ${seconds1(row.behindMs)} behind at the end`,
        );
    } finally {
      await cluster.close();
    }
  }
  return {
    drill: "bad-line",
    broke: `an edge of another carrier: 80 ms there and back, 3 % of all packets lost, a lesson of ${KBPS} kbps for ${seconds} s`,
    promise: "two paths with CUBIC, or BBR: no gap over 1 s, and no more than 1 s behind at the end",
    held,
    seen: rows,
    notes,
  };
}

const seconds1 = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

async function overBadLine(cluster: LabCluster, congestion: string, paths: string, seconds: number): Promise<ProtocolSummary> {
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
  cluster.publish(a1, await lesson(cluster), "x");
  await cluster.untilLive(origin);
  const viewers = cluster.watch(b1, "x", 10, "low");
  await viewers.untilPlaying(10, "b1");
  await new Promise((resolve) => setTimeout(resolve, 5000));
  await viewers.measure();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const [row] = (await viewers.report()).seen;
  if (!row) throw new Error("nobody watched");
  return row;
}

async function lesson(cluster: LabCluster): Promise<string> {
  const file = `${cluster.directory}/lesson.flv`;
  const rate = [`${KBPS - 64}k`, `${KBPS - 64}k`, `${KBPS}k`];
  await ffmpegDone(LAB_SCOPE, [
    ...["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25,noise=alls=12:allf=t", "-f", "lavfi", "-i", "sine=sample_rate=48000"],
    ...["-t", "20", "-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-pix_fmt", "yuv420p", "-x264-params", "nal-hrd=cbr"],
    ...[
      "-b:v",
      rate[0] ?? "",
      "-maxrate",
      rate[1] ?? "",
      "-bufsize",
      rate[2] ?? "",
      "-c:a",
      "aac",
      "-b:a",
      "64k",
      "-f",
      "flv",
      file,
    ],
  ]);
  return file;
}

/** An edge across a border, to which the way from the origin is bad, and good by a node on the coast. */
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
    cluster.publish(inland, await lesson(cluster), "x");
    await cluster.untilLive(origin);
    const [near, viewers] = [cluster.watch(coast, "x", 1, "low"), cluster.watch(abroad, "x", 10, "low")];
    await Promise.all([near.untilPlaying(1, "coast"), viewers.untilPlaying(10, "abroad")]);
    await viewers.measure();
    const begun = performance.now();
    const fetches = async () => (await linksOf(origin, "abroad")).find(({ mbps }) => mbps > 0.3)?.to;
    await until(async () => (await fetches()) === "coast", "the other way", 90_000);
    const turned = performance.now() - begun;
    const [before] = (await viewers.report()).seen;
    await viewers.measure();
    await new Promise((resolve) => setTimeout(resolve, options.quick ? 10_000 : 60_000));
    const { seen } = await viewers.report();
    const direct = (await linksOf(origin, "abroad")).find(({ to }) => to === "inland");
    return {
      drill: "border",
      broke: `an edge abroad: ${ACROSS_BORDER.delay * 2} ms and ${ACROSS_BORDER.loss} % loss from the origin, two good lines by way of the coast`,
      promise: "it is fetched by way of the coast, by itself, and nobody there is without a picture for more than 1 s from then on",
      held: longestGap(seen) <= LIMIT_MS && (await fetches()) === "coast" && seen.every(({ reconnects }) => reconnects === 0),
      seen,
      notes: [
        `after ${seconds1(turned)}, in which the longest gap was ${Math.round(before?.longestGapMs ?? 0)} ms; of the direct way it remembers ${direct?.lossPercent} % loss`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

async function linksOf(node: LabNode, id: string) {
  return (await nodesAt(node)).find((one) => one.id === id)?.links ?? [];
}

/** The cluster falls in two; both halves have a publisher of one stream, until it is one again. */
export async function partition(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LabCluster();
  try {
    const { lab } = cluster;
    const [left, right] = [lab.addHost("left"), lab.addHost("right")];
    const line = await lab.addLink(left, right, INSIDE);
    cluster.startNats(left);
    const l = await cluster.startNode(left, left, "origin,control");
    const r = await cluster.startNode(right, left, "origin,edge");
    await cluster.untilJoined(l);
    const file = await clip(LAB_SCOPE, cluster.directory, "b-frames", "20");
    cluster.publish(left, file, "x");
    const [before] = await streamsOf(l);
    await until(async () => (await streamsOf(l)).length === 1, "the stream", 30_000);
    cluster.publish(right, file, "x");
    const viewers = {
      left: cluster.watch(left, "x", 8, "flv,ws,rtmp,hls"),
      right: cluster.watch(right, "x", 8, "flv,ws,rtmp,hls"),
    };
    for (const [side, all] of Object.entries(viewers)) await all.untilPlaying(8, side);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    line.cut();
    await until(() => r.said().includes('"publisher came"'), "the publisher of the other half", 60_000);
    await new Promise((resolve) => setTimeout(resolve, options.quick ? 5000 : 15_000));
    const halves = await Promise.all(Object.values(viewers).map((side) => side.measure()));
    line.restore();
    await until(() => /"reason":"superseded"/.test(l.said()), "the publisher that has lost to be told", 60_000);
    await new Promise((resolve) => setTimeout(resolve, options.quick ? 5000 : 15_000));
    const after = await Promise.all(Object.values(viewers).map((side) => side.report()));
    const [stream] = await streamsOf(l);
    const seen = after.flatMap(({ seen }, side) =>
      seen.map((row) => ({ ...row, protocol: `${side === 0 ? "left" : "right"}, ${row.protocol}` })),
    );
    const one = stream?.node === "right" && new Set(after.flatMap(({ epochs }) => epochs)).size === 1;
    return {
      drill: "partition",
      broke: "the line between two halves was cut, with a publisher of the same stream in each, and mended",
      promise: "one term wins, the other publisher is told, everybody sees one stream again",
      held: one && longestGap(seen) <= 15_000,
      seen,
      notes: [
        `both halves played while they were apart: ${halves.map(({ playing }) => `${playing} viewers`).join(" and ")}`,
        `afterwards: term ${stream?.term} (before: ${before?.term ?? 1}), written at ${stream?.node}; gaps are those of coming together again, where the other half's time is behind`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

async function streamsOf(node: { readonly api: (path: string) => Promise<string> }): Promise<{ term: number; node: string }[]> {
  const text = await node.api("/api/v1/streams");
  return text.startsWith("{") ? ((JSON.parse(text) as { items?: { term: number; node: string }[] }).items ?? []) : [];
}
