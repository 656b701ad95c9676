/** Measures how busy the machine is during a drill, and how much of that other programs cause. Reads /proc (Linux). */
import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { processTree } from "../testbed/child-process.ts";

export type MachineLoad = {
  readonly cores: number;
  /** Per cent of all cores: everything, other programs, and time that the hypervisor gave to other machines. */
  readonly busyPercent: number;
  readonly othersPercent: number;
  readonly stolenPercent: number;
  /** Of the last minute. */
  readonly loadAverage: number;
};

const SAMPLE_MS = 1000;

/** Starts a measurement. @returns ends it and gives the load since then */
export function measureMachineLoad(): () => MachineLoad {
  const before = machineTicks();
  const own = new OwnTicks();
  return () => {
    const machine = machineTicks();
    const total = Math.max(1, machine.total - before.total);
    const percent = (ticks: number) => Math.round((Math.max(0, ticks) / total) * 100);
    const busy = machine.busy - before.busy;
    return {
      cores: availableParallelism(),
      busyPercent: percent(busy),
      othersPercent: percent(busy - own.stop()),
      stolenPercent: percent(machine.stolen - before.stolen),
      loadAverage: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    };
  };
}

export function describeLoad({ cores, busyPercent, othersPercent, stolenPercent, loadAverage }: MachineLoad): string {
  return `machine: ${cores} cores, ${busyPercent} % busy (other programs ${othersPercent} %), ${stolenPercent} % stolen by the hypervisor, load average ${loadAverage}`;
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal (proc_stat(5)). */
function machineTicks(): { readonly total: number; readonly busy: number; readonly stolen: number } {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, iowait = 0, , , stolen = 0] = ticks;
  const total = ticks.reduce((sum, value) => sum + value, 0);
  return { total, busy: total - idle - iowait - stolen, stolen };
}

/** CPU time of this program and its descendants. Sampled, because the children of a killed process leave the tree unnoticed. */
class OwnTicks {
  private readonly last = new Map<number, number>();
  private readonly timer = setInterval(() => this.sample(), SAMPLE_MS);
  private sum = 0;

  constructor() {
    this.sample();
    this.sum = 0;
  }

  /** @returns ticks since the start */
  stop(): number {
    clearInterval(this.timer);
    this.sample();
    return this.sum;
  }

  private sample(): void {
    for (const pid of processTree(process.pid)) {
      const ticks = ticksOf(pid);
      this.sum += Math.max(0, ticks - (this.last.get(pid) ?? 0));
      this.last.set(pid, ticks);
    }
  }
}

/** User and system time of one process: utime, stime (proc_pid_stat(5)). */
function ticksOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in parentheses, may contain spaces.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
