/** Identifies the process that writes a file, and tells whether it is alive: an open file of a dead process needs repair. */
import { readFileSync } from "node:fs";
import type { WriterProcess } from "./index-lines.ts";

/** Field 22 of /proc/PID/stat: the start of the process, in clock ticks since boot. */
const BEGAN = 22;

export function thisProcess(): WriterProcess {
  return { pid: process.pid, began: startOf(process.pid) ?? "" };
}

export function isAlive({ pid, began }: WriterProcess): boolean {
  if (pid === process.pid) return began === (startOf(pid) ?? "");
  const now = startOf(pid);
  if (now !== null) return now === began;
  if (process.platform === "linux") return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Null when the process is gone or the system does not tell. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The process name, in parentheses, may contain spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${fields[BEGAN - 3]}`;
  } catch {
    return null;
  }
}
