/** Measures the machine: its processors, memory, disk and network, as the difference of two readings of the kernel's counters. */
import { readFile, statfs } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { NodeSample } from "../../contracts/monitoring/node-sample.ts";
import { type CpuTimes, cgroupCores, cpuTimes, memoryOf, type NetworkBytes, networkBytes, tcpSegments } from "./proc-files.ts";

export type MachineSample = Pick<NodeSample, "cores" | "cpu" | "stolen" | "memory" | "disk"> & {
  readonly network: Pick<NodeSample["network"], "receivedMbps" | "sentMbps" | "retransmittedPercent">;
};

/** The kernel's counters at one moment. */
export type MachineReading = {
  /** Monotonic milliseconds. */
  readonly at: number;
  /** Processors that this program may use. */
  readonly cores: number;
  readonly cpu: CpuTimes;
  /** Processor seconds of the container; null: it has no limit of its own, and the machine's count. */
  readonly containerCpuSeconds: number | null;
  readonly memory: NodeSample["memory"];
  readonly disk: NodeSample["disk"];
  readonly network: NetworkBytes;
  readonly segments: { readonly sent: number; readonly retransmitted: number };
};

/** So few segments say nothing about the network. */
const MIN_SEGMENTS = 50;
const CGROUP = "/sys/fs/cgroup";

/** Reads the counters; what this system does not have is 0. @param dataDir the disk's */
export async function readMachine(dataDir: string): Promise<MachineReading> {
  const read = (path: string) => readFile(path, "utf8").catch(() => "");
  const [stat, meminfo, snmp, netstat, snmp6, dev] = await Promise.all(
    ["stat", "meminfo", "net/snmp", "net/netstat", "net/snmp6", "net/dev"].map((name) => read(`/proc/${name}`)),
  );
  const [cpuMax, cpuStat, memoryMax, memoryCurrent, memoryStat] = await Promise.all(
    ["cpu.max", "cpu.stat", "memory.max", "memory.current", "memory.stat"].map((name) => read(`${CGROUP}/${name}`)),
  );
  const disk = await statfs(dataDir).catch(() => null);
  const memory = memoryOf(meminfo ?? "");
  const limit = Number.parseInt(memoryMax ?? "", 10);
  const inactive = Number(/^inactive_file (\d+)/m.exec(memoryStat ?? "")?.[1] ?? 0);
  const usage = /^usage_usec (\d+)/m.exec(cpuStat ?? "")?.[1];
  return {
    at: performance.now(),
    cores: availableParallelism(),
    cpu: cpuTimes(stat ?? ""),
    containerCpuSeconds: usage === undefined || cgroupCores(cpuMax ?? "") === null ? null : Number(usage) / 1e6,
    memory:
      limit > 0 && limit < memory.totalBytes
        ? { usedBytes: Math.max(0, Number(memoryCurrent) - inactive), totalBytes: limit }
        : memory,
    disk: disk ? { usedBytes: (disk.blocks - disk.bavail) * disk.bsize, totalBytes: disk.blocks * disk.bsize } : NOTHING,
    network: networkBytes({ netstat: netstat ?? "", snmp6: snmp6 ?? "", dev: dev ?? "" }),
    segments: tcpSegments(snmp ?? ""),
  };
}

const NOTHING = { usedBytes: 0, totalBytes: 0 };

/** What happened between two readings. */
export function machineBetween(before: MachineReading, now: MachineReading): MachineSample {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  const mbps = (bytes: number) => Math.max(0, (bytes * 8) / 1e6 / seconds);
  const total = now.cpu.total - before.cpu.total;
  const busy =
    now.containerCpuSeconds === null || before.containerCpuSeconds === null
      ? now.cpu.busy - before.cpu.busy
      : now.containerCpuSeconds - before.containerCpuSeconds;
  const sent = now.segments.sent - before.segments.sent;
  const again = now.segments.retransmitted - before.segments.retransmitted;
  return {
    cores: now.cores,
    cpu: Math.max(0, busy) / seconds,
    stolen: total > 0 ? Math.max(0, now.cpu.stolen - before.cpu.stolen) / total : 0,
    memory: now.memory,
    disk: now.disk,
    network: {
      receivedMbps: mbps(now.network.received - before.network.received),
      sentMbps: mbps(now.network.sent - before.network.sent),
      retransmittedPercent: sent >= MIN_SEGMENTS ? Math.min(100, Math.max(0, (again / sent) * 100)) : 0,
    },
  };
}
