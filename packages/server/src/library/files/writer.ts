/** Which process writes a file, and whether it still lives: a file without an end whose writer is gone must be mended. */
import { readFileSync } from "node:fs";
import type { Writer } from "./index-lines.ts";

/** Field 22 of /proc/PID/stat: when the process began, in ticks since the machine did. */
const BEGAN = 22;

export function thisProcess(): Writer {
  return { pid: process.pid, began: beganOf(process.pid) ?? "" };
}

export function isAlive({ pid, began }: Writer): boolean {
  if (pid === process.pid) return began === (beganOf(pid) ?? "");
  const now = beganOf(pid);
  if (now !== null) return now === began;
  if (process.platform === "linux") return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Null where the process is gone, or the system does not tell. */
function beganOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may have spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${fields[BEGAN - 3]}`;
  } catch {
    return null;
  }
}
