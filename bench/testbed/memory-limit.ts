/** Limits the memory of a program by a control group of the kernel (cgroup v2, or v1's memory controller); needs root. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";

export type MemoryLimit = {
  /** The command, so that the program and all its children are in the group. */
  readonly wrap: (command: readonly string[]) => string[];
  /** The highest use, file cache included, in MB, and how many processes the kernel has killed for memory. */
  readonly read: () => { readonly peakMb: number; readonly kills: number };
  /** Call it after the program has ended. */
  readonly close: () => void;
};

const V1 = "/sys/fs/cgroup/memory";
const V2 = "/sys/fs/cgroup";

/** Null where no group can be made: another system, or no rights. */
export function limitMemory(bytes: number): MemoryLimit | null {
  const isV2 = existsSync(`${V2}/cgroup.controllers`);
  const directory = `${isV2 ? V2 : V1}/lectern-bench-${process.pid}`;
  try {
    mkdirSync(directory);
    writeFileSync(`${directory}/${isV2 ? "memory.max" : "memory.limit_in_bytes"}`, String(bytes));
  } catch {
    return null;
  }
  const read = (file: string) => readFileSync(`${directory}/${file}`, "utf8");
  return {
    wrap: (command) => ["sh", "-c", `echo $$ > ${directory}/cgroup.procs && exec "$@"`, "sh", ...command],
    read: () => ({
      peakMb: Number(read(isV2 ? "memory.peak" : "memory.max_usage_in_bytes")) / 2 ** 20,
      kills: Number(/^oom_kill (\d+)/m.exec(read(isV2 ? "memory.events" : "memory.oom_control"))?.[1]),
    }),
    close: () => {
      try {
        rmdirSync(directory);
      } catch {
        // A process of the group is still ending. The empty group does no harm.
      }
    },
  };
}
