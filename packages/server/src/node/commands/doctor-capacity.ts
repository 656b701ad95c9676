/** Says how many viewers and streams this machine is good for, and what limits them. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../platform/config/schema.ts";
import { machineMemory } from "../../platform/machine-memory.ts";
import { workerCount } from "../worker-count.ts";
import { type Demand, type Estimate, type Machine, streamsOf, viewersOf } from "./capacity.ts";
import type { Finding } from "./doctor-operators.ts";

const INTERFACES = "/sys/class/net";

export async function checkCapacity(config: Config): Promise<Finding[]> {
  const machine: Machine = {
    cores: workerCount(config),
    memory: machineMemory(),
    networkMbps: await networkMbps(),
    openFiles: await openFilesLimit(),
  };
  return describeCapacity(machine, {
    mbps: config.dispatch.viewerMbps,
    isTls: config.http.tls !== null,
    isRecorded: config.recording.auto !== "none" || config.timeshift.windowSeconds > 0,
    maxViewers: config.limits.viewers,
    maxStreams: config.limits.streams,
  });
}

/** The estimates in words. */
export function describeCapacity(machine: Machine, demand: Demand): Finding[] {
  const viewers = viewersOf(machine, demand);
  const streams = streamsOf(machine, demand);
  const network =
    machine.networkMbps === null ? "a network card of unknown speed" : `a network card of ${machine.networkMbps} Mbps`;
  const workers = `${machine.cores} media ${machine.cores === 1 ? "worker" : "workers"}`;
  return [
    {
      state: "good",
      what: `this machine (${workers}, ${(machine.memory / 1e9).toFixed(1)} GB, ${network}) is good for ${describe(viewers, "viewers", demand)}`,
    },
    { state: "good", what: `or for ${describe(streams, "streams", demand)}: an estimate from measurements (docs/performance.md)` },
  ];
}

function describe({ count, limitedBy }: Estimate, what: string, { mbps }: Demand): string {
  return `about ${rounded(count)} ${what} of ${mbps} Mbps; ${limitedBy} is what limits them`;
}

/** Two digits: the estimate is no better. */
function rounded(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.floor(count / unit) * unit;
}

/** The speed of the fastest network card that is connected, Mbps. Virtual ones have none. */
async function networkMbps(): Promise<number | null> {
  const speeds = await Promise.all(
    (await readdir(INTERFACES).catch(() => [])).map(async (name) => {
      const speed = Number(await readFile(join(INTERFACES, name, "speed"), "utf8").catch(() => "0"));
      return Number.isFinite(speed) ? speed : 0;
    }),
  );
  const fastest = Math.max(0, ...speeds);
  return fastest > 0 ? fastest : null;
}

/** Files that one process may open; null where the system does not tell. */
export async function openFilesLimit(): Promise<number | null> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const [, limit] = /Max open files\s+(\d+)/.exec(limits) ?? [];
  return limit === undefined ? null : Number(limit);
}
