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

/** Starts a measurement. @returns ends it and gives the load since then */
export function measureMachineLoad(): () => MachineLoad {
  const before = { machine: machineTicks(), own: ownTicks() };
  return () => {
    const machine = machineTicks();
    const total = Math.max(1, machine.total - before.machine.total);
    const percent = (ticks: number) => Math.round((Math.max(0, ticks) / total) * 100);
    const busy = machine.busy - before.machine.busy;
    return {
      cores: availableParallelism(),
      busyPercent: percent(busy),
      othersPercent: percent(busy - (ownTicks() - before.own)),
      stolenPercent: percent(machine.stolen - before.machine.stolen),
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

/** CPU time of this program, its children, and the children that have ended: utime, stime, cutime, cstime (proc_pid_stat(5)). */
function ownTicks(): number {
  return processTree(process.pid).reduce((sum, pid) => sum + ticksOf(pid), 0);
}

function ticksOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in parentheses, may contain spaces.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields.slice(11, 15).reduce((sum, value) => sum + Number(value), 0);
  } catch {
    return 0;
  }
}
