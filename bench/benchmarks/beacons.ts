/**
 * Measures viewers' beacons: what 10 000 players that each tell something every ten seconds cost, in CPU, memory and writes, and whether the picture
 * of others notices. All processes of the server count.
 */
import { readFileSync } from "node:fs";
import { BEACON_LOAD, type BeaconLoad, type BeaconLoadResult } from "../load/beacon-load.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import { median, round, type Table } from "../report/table.ts";
import { type LecternRunning, startLectern } from "../servers/servers.ts";
import { CLIENT_CORE, compile, cpuSeconds, output, pause, processTree, proportionalMb, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const PLAYERS = 10_000;
const VIEWERS = 1000;
/** Until all sessions have begun, and the figures of them have been written once. */
const WARM_SECONDS = 15;
const REST_SECONDS = 10;
/** All players have one address here. */
const LIMITS = [
  "limits.perAddress.connections=50000",
  "limits.perAddress.connectionsPerSecond=50000",
  "limits.perAddress.requestsPerSecond=100000",
];

type Cost = {
  /** Cores before. */
  readonly idle: number;
  /** Beacons answered in a second: where others use the machine too, fewer than are due. */
  readonly perSecond: number;
  /** Microseconds of all processes for each, beyond what they need at rest. */
  readonly each: number;
  readonly mb: number;
  readonly laterMb: number;
  readonly writtenKb: number;
  readonly refused: number;
};
type Picture = { readonly cores: number; readonly gap: number; readonly delivered: number };

export async function benchBeacons(options: BenchOptions): Promise<Table> {
  const seconds = options.quick ? 15 : 40;
  const rows: (string | number)[][] = [];
  for (const [name, connections] of [
    ["a connection for each", PLAYERS],
    ["100 connections", 100],
  ] as const) {
    const costs: Cost[] = [];
    for (let repeat = 0; repeat < options.repeats; repeat++) {
      process.stderr.write(`bench: ${name}, run ${repeat + 1} of ${options.repeats}\n`);
      costs.push(await measureCost(connections, seconds));
    }
    const middle = (of: (cost: Cost) => number, digits: number) => round(median(costs.map(of)), digits);
    rows.push([
      name,
      middle(({ perSecond }) => perSecond, 0),
      middle(({ each }) => each, 0),
      middle(({ each }) => (each * PLAYERS) / 10 / 1e6, 3),
      middle(({ idle }) => idle, 3),
      middle(({ mb }) => mb, 0),
      middle(({ laterMb, mb }) => laterMb - mb, 0),
      middle(({ writtenKb }) => writtenKb, 0),
      Math.max(...costs.map(({ refused }) => refused)),
    ]);
  }
  const pictures = await measurePicture(options);
  const one = (of: (picture: Picture) => number, which: "without" | "beside", digits: number) =>
    round(median(pictures.map((pair) => of(pair[which]))), digits);
  return {
    title: `Beacons of ${PLAYERS} players, ${PLAYERS / 10} a second`,
    columns: [
      "players",
      "answers/s",
      "µs each",
      "cores for 1000/s",
      "cores at rest",
      "MB more",
      "of them later",
      "kB written a second",
      "refused",
    ],
    rows,
    notes: [
      `Medians of ${options.repeats}; ${seconds} s each. Target: less than 0.08 core. MB: PSS of all processes, once all sessions have begun; later: after ${seconds} s more.`,
      `${VIEWERS} viewers of a stream, without and beside the beacons, in turn: ${one(({ cores }) => cores, "without", 4)} and ${one(({ cores }) => cores, "beside", 4)} cores of the media worker's time for pictures (ratio ${round(median(pictures.map(({ without, beside }) => beside.cores / without.cores)), 2)}), delivered ${one(({ delivered }) => delivered, "without", 3)} and ${one(({ delivered }) => delivered, "beside", 3)} of what is due, largest gap ${one(({ gap }) => gap, "without", 0)} and ${one(({ gap }) => gap, "beside", 0)} ms.`,
    ],
  };
}

async function measureCost(connections: number, seconds: number): Promise<Cost> {
  const { running, publisher } = await startStream();
  await pause(REST_SECONDS);
  const idle = await coresOver(running.pid, REST_SECONDS);
  const before = proportionalMb(running.pid);
  const sending = sendBeacons({ port: running.httpPort, connections, seconds: WARM_SECONDS + seconds + 2 });
  await pause(WARM_SECONDS);
  const mb = proportionalMb(running.pid) - before;
  const written = writtenBytes(running.pid);
  const taken = await takenBeacons(running);
  const cores = await coresOver(running.pid, seconds);
  const perSecond = ((await takenBeacons(running)) - taken) / seconds;
  const writtenKb = (writtenBytes(running.pid) - written) / 1024 / seconds;
  const laterMb = proportionalMb(running.pid) - before;
  const { refused } = await sending;
  await publisher.stop();
  await stop(running.process);
  return { idle, perSecond, each: ((cores - idle) / perSecond) * 1e6, mb, laterMb, writtenKb, refused };
}

/** Viewers of a stream, in turn without beacons and beside them. What the beacons cost by themselves, in the same run, is taken off. */
async function measurePicture(options: BenchOptions) {
  const flvload = compile("flvload", cacheDirectory());
  const { running, publisher } = await startStream();
  const seconds = options.quick ? 8 : 20;
  const watch = async (): Promise<Picture> => {
    const times = ["-n", String(VIEWERS), "-r", "200", "-w", "4", "-d", String(seconds), "-b", "10"];
    const text = await output(
      [flvload, "-u", running.play("x"), ...times, "-p", processTree(running.pid).join(","), "-e", "1.08"],
      CLIENT_CORE,
    );
    const load: { server_cores_per_1000: number; largest_gap_window_ms: number; delivered: number } = JSON.parse(text);
    return {
      cores: (load.server_cores_per_1000 * VIEWERS) / 1000,
      gap: load.largest_gap_window_ms,
      delivered: load.delivered,
    };
  };
  const whole = VIEWERS / 200 + 4 + seconds + 4;
  const pairs: { readonly without: Picture; readonly beside: Picture }[] = [];
  for (let repeat = 0; repeat < Math.max(2, options.repeats); repeat++) {
    process.stderr.write(`bench: pictures beside beacons, run ${repeat + 1}\n`);
    const idle = await coresOver(running.pid, REST_SECONDS);
    const without = await watch();
    const sending = sendBeacons({ port: running.httpPort, connections: 100, seconds: WARM_SECONDS + seconds + whole });
    await pause(WARM_SECONDS);
    const alone = (await coresOver(running.pid, seconds)) - idle;
    const all = await watch();
    await sending;
    pairs.push({ without, beside: { ...all, cores: all.cores - alone } });
    // Their sessions are over, and written.
    await pause(40);
  }
  await publisher.stop();
  await stop(running.process);
  return pairs;
}

async function startStream() {
  const running = await startLectern(LIMITS);
  const publisher = publishClip(benchClip().file, `${running.push}/x`, compile("flvload", cacheDirectory()), null);
  await pause(3);
  return { running, publisher };
}

async function sendBeacons(load: Omit<BeaconLoad, "players" | "cid">): Promise<BeaconLoadResult> {
  const given: BeaconLoad = { ...load, players: PLAYERS, cid: "live/x" };
  return JSON.parse(await output([process.execPath, BEACON_LOAD, JSON.stringify(given)], CLIENT_CORE));
}

async function takenBeacons({ metrics }: LecternRunning): Promise<number> {
  const text = await (await fetch(metrics ?? "", { headers: { connection: "close" } })).text();
  return Number(/^lectern_view_beacons_total\{result="taken"\} (\d+)/m.exec(text)?.[1] ?? 0);
}

async function coresOver(pid: LecternRunning["pid"], seconds: number): Promise<number> {
  const before = cpuSeconds(pid);
  await pause(seconds);
  return (cpuSeconds(pid) - before) / seconds;
}

/** What a server's processes have written to disks. */
function writtenBytes(pid: number): number {
  return processTree(pid).reduce(
    (sum, one) => sum + Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${one}/io`, "utf8"))?.[1] ?? 0),
    0,
  );
}
