/** Measures cold edge: time to the first key frame at an edge without the stream, 40 ms round trip from the origin, and traffic on the line. Needs root. */
import { until } from "../../e2e/lectern.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { LabCluster } from "../netlab/lab-cluster.ts";
import { round, type Table } from "../report/table.ts";
import { compile, pause } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

/** One way. */
const DELAY_MS = 20;

type Load = { readonly live: number; readonly ttfk_ms: { readonly median: number; readonly p99: number } };

export async function benchCold(options: BenchOptions): Promise<Table> {
  const [streams, viewers] = options.quick ? [20, 200] : [60, 1000];
  const clip = benchClip();
  const flvload = compile("flvload", cacheDirectory());
  const cluster = new LabCluster();
  const rows: [string, number | string][] = [];
  try {
    const [north, south] = [cluster.lab.addHost("north"), cluster.lab.addHost("south")];
    const line = await cluster.lab.addLink(north, south, { delay: DELAY_MS });
    cluster.startNats(north);
    const origin = await cluster.startNode(north, north, "origin,control");
    const edge = await cluster.startNode(south, north, "edge");
    await cluster.untilJoined(origin);
    const publishers = [`${import.meta.dirname}/../load/rtmp-publishers.ts`, "publish", "rtmp://127.0.0.1:1935/live", clip.file];
    cluster.lab.start(north, process.execPath, [...publishers, String(streams + 1)], { stdio: "ignore" });
    await until(
      async () => (await origin.api("/api/v1/streams?limit=200")).split('"h264"').length === streams + 2,
      "streams",
      60_000,
    );
    await pause(8);
    const watch = async (name: string, count: number, rate: number): Promise<Load> => {
      const args = ["-u", `http://127.0.0.1:8080/live/${name}.flv`, "-n", `${count}`, "-r", `${rate}`, "-w", "1", "-d", "2"];
      return JSON.parse(await cluster.run(edge.host, flvload, args)) as Load;
    };
    const first = await watch("s%d", streams, 2);
    rows.push([`first viewers of ${streams} streams: first key frame, median / p99, ms`, medianAndP99(first)]);
    // The edge drops the streams that nobody watches.
    await pause(15);
    const before = (await line.counters()).b.bytes;
    const begun = performance.now();
    const all = await watch(`s${streams}`, viewers, viewers / 5);
    const streamed = (clip.bytesPerSecond * (performance.now() - begun)) / 1000;
    rows.push([`${viewers} viewers of another stream within 5 s: first key frame, median / p99, ms`, medianAndP99(all)]);
    rows.push(["viewers that received media", all.live]);
    const carried = (await line.counters()).b.bytes - before;
    rows.push(["traffic on the line, relative to the published stream", round(carried / streamed, 2)]);
  } finally {
    await cluster.close();
  }
  return {
    title: `An edge without the stream, ${2 * DELAY_MS} ms round trip from its origin, a stream of about 1.08 Mbps with a key frame each 2 s`,
    columns: ["what", "figure"],
    rows,
    notes: [
      "From the viewer's connection to the complete key frame, including the line. The traffic on the line includes the backfill of earlier segments, which HLS lists.",
    ],
  };
}

const medianAndP99 = ({ ttfk_ms }: Load) => `${round(ttfk_ms.median, 0)} / ${round(ttfk_ms.p99, 0)}`;
