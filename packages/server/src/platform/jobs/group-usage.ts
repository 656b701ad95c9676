/** Measures the CPU time of a process group's program from /proc/PID/stat (Linux: proc_pid_stat(5)). */
import { readFileSync } from "node:fs";

/** The kernel's unit of these times on all architectures that Node.js runs on: USER_HZ. */
const TICKS_PER_SECOND = 100;
/** Places after the program's name: the group's number; user and system time of the process, and of its children that were waited for. */
const GROUP = 2;
const TIMES = { from: 11, to: 15 } as const;

/**
 * User and system time of the program that leads a group, with all its threads and with the children that it has waited for, in seconds.
 * The group's other processes are not searched for: the program itself leads the group (process-group.ts), and the shell beside it sleeps.
 * Null when the program is gone, or the system has no /proc.
 * @param pid of `ProcessGroup`
 */
export function groupCpuSeconds(pid: number): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, in parentheses, may have spaces and parentheses in it.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // A process that got the number later leads no group, as a rule.
    if (Number(fields[GROUP]) !== pid) return null;
    return fields.slice(TIMES.from, TIMES.to).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}
