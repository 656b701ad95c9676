/** Measures fan-out: one stream to many viewers, compared with other servers and the floor: CPU, memory, delay, joins and gaps. */
import { join } from "node:path";
import { addedDelay } from "../load/added-delay.ts";
import { benchClip, type Clip, cacheDirectory } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import { median, round, type Table } from "../report/table.ts";
import { givenServer, type Running, SERVERS, type Server } from "../servers/servers.ts";
import { CLIENT_CORE, compile, output, pause, processTree, residentMb, stop } from "../testbed/child-process.ts";
import { type BenchOptions, isChosen } from "./options.ts";

type Load = {
  readonly live: number;
  readonly server_cores_per_1000: number;
  readonly server_rss_mb: number;
  readonly delivered: number;
  readonly largest_gap_window_ms: number;
  readonly ttfk_ms: { readonly median: number; readonly p99: number } | null;
};

type Measured = {
  readonly server: string;
  readonly viewers: number;
  readonly cores: number;
  readonly kbPerViewer: number;
  readonly rssMb: number;
  readonly delay: { readonly median: number; readonly p99: number } | null;
  readonly join: { readonly median: number; readonly p99: number } | null;
  readonly largestGap: number;
  readonly delivered: number;
  readonly live: number;
  readonly holdMs: number | null;
};

const JOINS_PER_SECOND = 200;
/** The client wakes every 10 ms. With a wake-up for each packet, loopback in a virtual machine charges it to the server. */
const CLIENT_BATCH_MS = 10;

export async function benchFanout(options: BenchOptions): Promise<Table> {
  const clip = benchClip();
  const tools = { flvload: compile("flvload", cacheDirectory()), floor: compile("floor", cacheDirectory()) };
  const all = [...SERVERS, ...options.servers.map(givenServer)];
  const quickOnes = all.filter(({ name }) => !name.includes("low") && !name.includes("40") && !name.includes("in Node"));
  const chosen = options.quick && !options.only ? quickOnes : all.filter(({ name }) => isChosen(name, options));
  const measured: Measured[] = [];
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    for (const viewers of options.viewers) {
      for (const server of chosen) {
        process.stderr.write(`bench: ${server.name}, ${viewers} viewers, run ${repeat + 1} of ${options.repeats}\n`);
        measured.push(await measure(server, viewers, clip, tools, options.quick));
      }
    }
  }
  return tabulate(measured, chosen, options);
}

async function measure(
  server: Server,
  viewers: number,
  clip: Clip,
  tools: { flvload: string; floor: string },
  quick: boolean,
): Promise<Measured> {
  const running = await server.start({ clip: clip.file, bytesPerSecond: clip.bytesPerSecond, floor: tools.floor });
  const [publisherLog, viewerLog] = ["publisher.csv", "viewer.csv"].map((name) => join(cacheDirectory(), name));
  await pause(2);
  const publisher = running.push && publishClip(clip.file, `${running.push}/x`, tools.flvload, publisherLog ?? null);
  await pause(running.push ? 3 : 0.5);
  const before = residentMb(running.pid);
  const url = running.play("x");
  const seconds = { warm: quick ? 2 : 4, window: quick ? 6 : 12, after: 4 };
  const mbps = (clip.bytesPerSecond * 8) / 1e6;
  // The floor sends no valid FLV after its burst, so its viewers must not parse it.
  const light = running.push ? [] : ["-l"];
  const times = ["-w", String(seconds.warm), "-d", String(seconds.window), "-H", String(seconds.after)];
  const load = output(
    [
      tools.flvload,
      "-u",
      url,
      "-n",
      String(viewers),
      "-r",
      String(JOINS_PER_SECOND),
      ...times,
      "-p",
      processTree(running.pid).join(","),
      "-e",
      mbps.toFixed(3),
      "-b",
      String(CLIENT_BATCH_MS),
      ...light,
    ],
    CLIENT_CORE,
  );
  await pause(viewers / JOINS_PER_SECOND + seconds.warm + 0.5);
  const probe = running.push
    ? output([tools.flvload, "-u", url, "-w", "0", "-d", String(seconds.window - 2), "-T", viewerLog ?? ""], CLIENT_CORE)
    : null;
  await pause(seconds.window + 0.5);
  await probe;
  // Joins are measured with all viewers present, by a client that does not sleep.
  const joiners = running.push
    ? parseLoad(
        await output(
          [tools.flvload, "-u", url, "-n", String(JOINS_PER_SECOND), "-r", String(JOINS_PER_SECOND), "-w", "0.2", "-d", "0.5"],
          CLIENT_CORE,
        ),
      )
    : null;
  const hold = await longestHold(running);
  const result = parseLoad(await load);
  if (publisher) await publisher.stop();
  await stop(running.process);
  return {
    server: server.name,
    viewers,
    cores: result.server_cores_per_1000,
    kbPerViewer: ((result.server_rss_mb - before) * 1024) / viewers,
    rssMb: result.server_rss_mb,
    delay: running.push ? addedDelay(publisherLog ?? "", viewerLog ?? "") : null,
    join: joiners?.ttfk_ms ?? null,
    largestGap: result.largest_gap_window_ms,
    delivered: running.push ? result.delivered : Number.NaN,
    live: result.live,
    holdMs: hold,
  };
}

function parseLoad(text: string): Load {
  return JSON.parse(text) as Load;
}

/** Upper bound of the highest bucket of Lectern's event-loop histogram, in milliseconds. */
async function longestHold(running: Running): Promise<number | null> {
  if (!running.metrics) return null;
  const text = await (await fetch(running.metrics)).text();
  const buckets = [...text.matchAll(/lectern_event_loop_hold_seconds_bucket\{le="([^"]+)"\} (\d+)/g)].map(([, le, count]) => ({
    le: Number(le),
    count: Number(count),
  }));
  const all = buckets.at(-1)?.count ?? 0;
  return (buckets.find(({ count }) => count === all)?.le ?? Number.NaN) * 1000;
}

function tabulate(measured: readonly Measured[], chosen: readonly Server[], options: BenchOptions): Table {
  const of = (server: string, viewers: number) => measured.filter((one) => one.server === server && one.viewers === viewers);
  const pair = (values: readonly (Measured["delay"] | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0
      ? null
      : `${round(median(known.map((v) => v.median)), 1)} / ${round(median(known.map((v) => v.p99)), 1)}`;
  };
  const rows = options.viewers.flatMap((viewers) =>
    chosen.map(({ name }) => {
      const runs = of(name, viewers);
      const cores = runs.map((run) => run.cores);
      const floorOf = (batch: number) => median(of(`floor, ${batch} ms`, viewers).map((run) => run.cores));
      const base = floorOf(name.includes("low") || name.includes("40") ? 40 : 200);
      const holds = runs.map((run) => run.holdMs).filter((hold) => hold !== null);
      return [
        name,
        viewers,
        round(median(cores), 3),
        runs.length > 1 ? `${round(Math.min(...cores), 3)}–${round(Math.max(...cores), 3)}` : null,
        Number.isFinite(base) ? round(median(cores) / base, 2) : null,
        round(median(runs.map((run) => run.kbPerViewer)), 0),
        round(median(runs.map((run) => run.rssMb)), 0),
        pair(runs.map((run) => run.delay)),
        pair(runs.map((run) => run.join)),
        round(Math.max(...runs.map((run) => run.largestGap)), 0),
        Number.isNaN(runs[0]?.delivered) ? null : round(median(runs.map((run) => run.delivered)), 3),
        Math.min(...runs.map((run) => run.live)),
        holds.length === 0 ? null : `≤ ${Math.max(...holds)}`,
      ];
    }),
  );
  return {
    title: "One stream of about 1.08 Mbps to many viewers; server on one core, client and publisher on the other",
    columns: [
      "server",
      "viewers",
      "cores per 1000",
      "spread",
      "× floor",
      "kB per viewer",
      "RSS MB",
      "added delay ms, median / p99",
      "join to key frame ms, median / p99",
      "largest gap ms",
      "delivered / expected",
      "still there",
      "loop hold ms",
    ],
    rows,
    notes: [
      `${options.repeats} interleaved run(s) of each; CPU is the server's process time over a steady window; 200 joins a second with all viewers present.`,
    ],
  };
}
