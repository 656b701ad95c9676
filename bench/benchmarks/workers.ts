/** Measures media workers: delay and CPU of the relay between two workers, and CPU for each viewer with one and two workers. */
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { onWorker } from "../../e2e/worker-connections.ts";
import { relayUpstreams } from "../../packages/server/src/live/relay/transport/upstream.ts";
import { StreamTrace } from "../../packages/server/src/live/streams/index.ts";
import { relaySocket } from "../../packages/server/src/node/process-names.ts";
import { systemClock } from "../../packages/server/src/platform/clock.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import { median, quantile, round, type Table } from "../report/table.ts";
import { type LecternRunning, startLectern, TOKEN } from "../servers/servers.ts";
import { CLIENT_CORE, compile, cpuSeconds, output, pause, processTree, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

export async function benchWorkers(options: BenchOptions): Promise<Table> {
  const clip = benchClip();
  const flvload = compile("flvload", cacheDirectory());
  const seconds = options.quick ? 8 : 15;
  const viewers = Math.max(...options.viewers);
  const cores = new Map<number, number[]>();
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    for (const workers of [1, 2]) {
      process.stderr.write(`bench: ${viewers} viewers, ${workers} workers, run ${repeat + 1} of ${options.repeats}\n`);
      const running = await startLectern([`workers=${workers}`]);
      const publisher = publishClip(clip.file, `${running.push}/x`, flvload, null);
      await pause(3);
      const pids = processTree(running.pid).join(",");
      const load = [
        "-u",
        running.play("x"),
        "-n",
        String(viewers),
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
    title: `Media workers, all on one core, ${viewers} viewers`,
    columns: ["what", "figure"],
    rows: [
      ["cores per 1000 viewers, one worker", round(one, 4)],
      ["cores per 1000 viewers, two workers", round(two, 4)],
      ["ratio", round(two / one, 2)],
      ["delay of the relay, median ms", round(relay.median, 2)],
      ["delay of the relay, p99 ms", round(relay.p99, 2)],
      ["cores of the relay for one stream of 1.08 Mbps, both sides", round(relay.cores, 4)],
    ],
    notes: ["Delay of the relay: time between a frame's arrival in the original and in the copy. All processes share one core."],
  };
}

/**
 * Measures the relay between two workers. Delay: follows the log at both, as a third worker would, and compares the arrival of each entry.
 * CPU: the first viewer on the worker without the publisher, minus the first viewer on the worker with it.
 */
async function measureRelay(clip: string, flvload: string, seconds: number) {
  const running = await startLectern(["workers=2"]);
  const publisher = publishClip(clip, `${running.push}/x`, flvload, null);
  await pause(3);
  const { epoch, process: writer } = await describe(running);
  const idle = await share(running, seconds);
  const near = await watchOn(running, (worker) => worker === writer);
  const withOne = (await share(running, seconds)) - idle;
  near.destroy();
  const far = await watchOn(running, (worker) => worker !== writer);
  const withCopy = (await share(running, seconds)) - idle;
  const directory = relayDirectory(running.pid);
  const [original, copy] = ["media-1", "media-2"]
    .sort((a) => (a === writer ? -1 : 1))
    .map((worker) => followed(relaySocket(directory, worker), epoch));
  await pause(seconds);
  const delays = [...(original ?? [])].flatMap(([sequence, at]) => {
    const later = copy?.get(sequence);
    return later === undefined ? [] : [later - at];
  });
  await publisher.stop();
  far.destroy();
  await stop(running.process);
  return { median: quantile(delays, 0.5), p99: quantile(delays, 0.99), cores: withCopy - withOne };
}

async function describe({ httpPort }: LecternRunning): Promise<{ epoch: string; process: string }> {
  const answer = await fetch(`http://127.0.0.1:${httpPort}/api/v1/streams`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const [stream] = ((await answer.json()) as { items: { epoch: string; process: string }[] }).items;
  if (!stream) throw new Error("the stream is not there");
  return stream;
}

async function watchOn(running: LecternRunning, wanted: (worker: string) => boolean): Promise<Socket> {
  const { socket } = await onWorker({ httpPort: running.httpPort }, wanted);
  socket.on("data", () => {});
  socket.write("GET /live/x.flv HTTP/1.1\r\nHost: bench\r\n\r\n");
  await pause(2);
  return socket;
}

/** Arrival times of frames from a worker's relay, by sequence number. Excludes the first second, which contains the backfill. */
function followed(path: string, epoch: string): Map<number, number> {
  const arrivals = new Map<number, number>();
  const begun = performance.now();
  const upstreams = relayUpstreams(
    { dial: () => connect(path), paths: () => 1, isOriginCopy: () => false, clock: systemClock },
    { broken: () => {}, received: () => {} },
  );
  const receive = (record: { kind: string; sequence: number }): "taken" => {
    if (record.kind === "media" && performance.now() - begun > 1000) arrivals.set(record.sequence, performance.now());
    return "taken";
  };
  // As a worker with usual viewers.
  const wanted = { mayWaitMs: 40, whenAsking: () => () => {} };
  const stream = {
    app: "live",
    name: "x",
    epoch,
    newest: null,
    receive,
    backfill: null,
    oldest: 0,
    trace: new StreamTrace(),
    ...wanted,
  };
  upstreams.follow(stream, ["bench"], false, () => {});
  return arrivals;
}

/** The folder with the Unix sockets of the relay. */
function relayDirectory(pid: number): string {
  const worker = processTree(pid)[1];
  const sockets = readFileSync(`/proc/${worker}/net/unix`, "utf8");
  const paths = [...sockets.matchAll(/(\S+)\/media-1\.sock$/gm)].map(([, directory]) => directory ?? "");
  return paths.at(-1) ?? "";
}

async function share({ pid }: LecternRunning, seconds: number): Promise<number> {
  const before = cpuSeconds(pid);
  await pause(seconds);
  return (cpuSeconds(pid) - before) / seconds;
}
