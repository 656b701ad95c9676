/** Reads memory, descriptors and CPU of each process of a server, by its name. */
import { readdirSync, readFileSync } from "node:fs";
import { ownCpuSeconds, processTree } from "./child-process.ts";

export type ProcessFigures = {
  /** `supervisor`, or what the supervisor calls its child. */
  readonly name: string;
  readonly pid: number;
  readonly rssMb: number;
  /** Pages that several processes share are counted once in all (PSS: proc(5), smaps_rollup). */
  readonly pssMb: number;
  readonly descriptors: number;
};

/** @param pid the supervisor; it comes first. Processes that end meanwhile are left out */
export function processFigures(pid: number): ProcessFigures[] {
  return processTree(pid).flatMap((one) => {
    try {
      return [
        {
          name: one === pid ? "supervisor" : nameOf(one),
          pid: one,
          rssMb: kilobytes(`/proc/${one}/status`, "VmRSS") / 1024,
          pssMb: kilobytes(`/proc/${one}/smaps_rollup`, "Pss") / 1024,
          descriptors: readdirSync(`/proc/${one}/fd`).length,
        },
      ];
    } catch {
      return [];
    }
  });
}

/** CPU of each process so far, seconds: workers together. */
export function cpuByProcess(pid: number): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const one of processFigures(pid)) {
    const name = one.name.startsWith("media-") ? "workers" : one.name;
    seconds.set(name, (seconds.get(name) ?? 0) + ownCpuSeconds(one.pid));
  }
  return seconds;
}

/** The last argument of a child of the supervisor is its name; any other program has its own. */
function nameOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
  const isChild = words.some((word) => /\/child\.[jt]s$/.test(word));
  return (isChild ? words.at(-1) : words[0]?.split("/").at(-1)) ?? String(pid);
}

function kilobytes(file: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(readFileSync(file, "utf8"))?.[1] ?? 0);
}
