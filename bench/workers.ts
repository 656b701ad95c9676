/** Several workers: what the relay between them adds, what it costs, and whether a viewer costs more with two workers than with one. */
import { onWorker } from "../e2e/on-worker.ts";
import { benchClip, cacheDirectory } from "./clip.ts";
import type { BenchOptions } from "./options.ts";
import { CLIENT_CORE, compile, cpuSeconds, output, pause, processTree, stop } from "./process.ts";
import { publishClip } from "./publisher.ts";
import { type LecternRunning, startLectern } from "./servers/servers.ts";
import { median, quantile, round, type Table } from "./table.ts";

const VIEWERS = 1000;

export async function benchWorkers(options: BenchOptions): Promise<Table> {
  const clip = benchClip();
  const flvload = compile("flvload", cacheDirectory());
  const seconds = options.quick ? 8 : 15;
  const cores = new Map<number, number[]>();
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    for (const workers of [1, 2]) {
      process.stderr.write(`bench: ${VIEWERS} viewers, ${workers} workers, run ${repeat + 1} of ${options.repeats}\n`);
      const running = await startLectern([`workers=${workers}`]);
      await pause(3);
      const publisher = publishClip(clip.file, `${running.push}/x`, flvload, null);
      await pause(3);
      const pids = processTree(running.pid).join(",");
      const load = [
        "-u",
        running.play("x"),
        "-n",
        String(VIEWERS),
        "-r",
        "200",
        "-w",
        "4",
        "-d",
        String(seconds),
        "-b",
        "10",
        "-p",
        pids,
      ];
      const { server_cores_per_1000: used } = JSON.parse(await output([flvload, ...load], CLIENT_CORE)) as {
        server_cores_per_1000: number;
      };
      cores.set(workers, [...(cores.get(workers) ?? []), used]);
      await publisher.stop();
      await stop(running.process);
    }
  }
  const relay = await measureRelay(clip.file, flvload, seconds);
  const [one, two] = [median(cores.get(1) ?? []), median(cores.get(2) ?? [])];
  return {
    title: "Media workers, all on one core",
    columns: ["what", "figure"],
    rows: [
      ["cores per 1000 viewers, one worker", round(one, 4)],
      ["cores per 1000 viewers, two workers", round(two, 4)],
      ["ratio", round(two / one, 2)],
      ["delay of the relay, median ms", round(relay.median, 2)],
      ["delay of the relay, p99 ms", round(relay.p99, 2)],
      ["cores of the relay for one stream of 1.08 Mbps, both sides", round(relay.cores, 4)],
    ],
    notes: ["Delay of the relay: how much later each byte of FLV comes from the worker without the publisher, at 10 ms batches."],
  };
}

/** Watches on both workers at once, and compares when the same bytes came. */
async function measureRelay(clip: string, flvload: string, seconds: number) {
  const running = await startLectern(["workers=2", "viewer.batchMs=10"]);
  await pause(3);
  const publisher = publishClip(clip, `${running.push}/x`, flvload, null);
  await pause(3);
  const before = await share(running, seconds);
  const target = { httpPort: running.httpPort };
  const first = await onWorker(target, () => true);
  const second = await onWorker(target, (worker) => worker !== first.worker);
  const seen = [first, second].map(({ socket }) => {
    const arrivals = new Map<string, number>();
    const bytes: { at: number; data: Buffer }[] = [];
    socket.on("data", (data: Buffer) => bytes.push({ at: performance.now(), data }));
    socket.write("GET /live/x.flv?onlyvideo=1 HTTP/1.1\r\nHost: bench\r\n\r\n");
    return { arrivals, bytes };
  });
  await pause(1);
  const during = await share(running, seconds);
  for (const { arrivals, bytes } of seen) readTags(bytes, arrivals);
  const [a, b] = seen;
  const differences = [...(a?.arrivals ?? [])].flatMap(([tag, at]) => {
    const other = b?.arrivals.get(tag);
    return other === undefined ? [] : [other - at];
  });
  // Which of the two has the publisher is told by the sign.
  const later = median(differences) < 0 ? differences.map((difference) => -difference) : differences;
  await publisher.stop();
  first.socket.destroy();
  second.socket.destroy();
  await stop(running.process);
  return { median: quantile(later, 0.5), p99: quantile(later, 0.99), cores: during - before };
}

async function share({ pid }: LecternRunning, seconds: number): Promise<number> {
  const before = cpuSeconds(pid);
  await pause(seconds);
  return (cpuSeconds(pid) - before) / seconds;
}

/** When each tag was there in whole, by its time and size. */
function readTags(pieces: readonly { readonly at: number; readonly data: Buffer }[], into: Map<string, number>): void {
  const FLV_HEADER = 13;
  let held = Buffer.alloc(0);
  let begun = false;
  for (const { at, data } of pieces) {
    held = Buffer.concat([held, data]);
    if (!begun) {
      const head = held.indexOf("FLV\x01", 0, "latin1");
      if (head < 0 || held.length < head + FLV_HEADER) continue;
      held = held.subarray(head + FLV_HEADER);
      begun = true;
    }
    while (held.length >= 15) {
      const size = held.readUIntBE(1, 3);
      if (held.length < size + 15) break;
      into.set(`${held.readUIntBE(4, 3) + (held[7] ?? 0) * 2 ** 24} ${size}`, at);
      held = held.subarray(size + 15);
    }
  }
}
