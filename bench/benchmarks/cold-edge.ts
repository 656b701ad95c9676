/** First viewers at an edge that has nothing yet, far from the origins: how soon they see a picture, and how often the stream crosses the line. */
import { until } from "../../e2e/lectern.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { LabCluster } from "../netlab/lab-cluster.ts";
import { round, type Table } from "../report/table.ts";
import { compile, pause } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

/** Each way. */
const DELAY_MS = 20;

type Load = { readonly live: number; readonly ttfk_ms: { readonly median: number; readonly p99: number } };

export async function benchCold(options: BenchOptions): Promise<Table> {
  const [streams, crowd] = options.quick ? [20, 200] : [60, 1000];
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
      return JSON.parse(await cluster.run(edge.place, flvload, args)) as Load;
    };
    const first = await watch("s%d", streams, 2);
    rows.push([`first viewers of ${streams} streams: first key frame, median / p99, ms`, picture(first)]);
    // The edge lets go of what nobody watches any more.
    await pause(15);
    const before = (await line.counters()).b.bytes;
    const begun = performance.now();
    const all = await watch(`s${streams}`, crowd, crowd / 5);
    const streamed = (clip.bytesPerSecond * (performance.now() - begun)) / 1000;
    rows.push([`${crowd} viewers of another stream within 5 s: first key frame, median / p99, ms`, picture(all)]);
    rows.push(["of them have a picture", all.live]);
    const carried = (await line.counters()).b.bytes - before;
    rows.push(["what the line carried, of what was published meanwhile", round(carried / streamed, 2)]);
  } finally {
    await cluster.close();
  }
  return {
    title: `An edge that has nothing, ${2 * DELAY_MS} ms there and back from its origin, a stream of about 1.08 Mbps with a key frame each 2 s`,
    columns: ["what", "figure"],
    rows,
    notes: [
      "From the connection of the viewer to the whole key frame; the line is in it. What the line carried has the segments of before in it, which HLS lists.",
    ],
  };
}

const picture = ({ ttfk_ms }: Load) => `${round(ttfk_ms.median, 0)} / ${round(ttfk_ms.p99, 0)}`;
