/** Measures what runs in a sandbox: memory and waiting of a tree of processes, and the bytes below a folder. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const PAGE_BYTES = 4096;
/** A tree that is larger than this is stopped by the limit of processes. */
const MAX_PROCESSES = 2000;

export type SandboxUsage = {
  readonly memoryBytes: number;
  /** How long its processes have waited for a processor, together: they could not do anything meanwhile. */
  readonly waitedMs: number;
  /** One of its threads computes, or would if a processor were free, or waits for the disk. */
  readonly isBusy: boolean;
};

/** Of a process and of all its descendants; those in namespaces of their own too, since their parents are known here. */
export async function treeUsage(pid: number): Promise<SandboxUsage> {
  const found: number[] = [];
  const left = [pid];
  while (left.length > 0 && found.length < MAX_PROCESSES) {
    const next = left.pop();
    if (next === undefined) break;
    found.push(next);
    left.push(...(await childrenOf(next)));
  }
  return await usageOf(found);
}

/** Of everything in a process group: proc(5), stat. */
export async function groupUsage(group: number): Promise<SandboxUsage> {
  const processes = (await readdir("/proc").catch(() => [])).map(Number).filter((pid) => pid > 0);
  const inGroup = await Promise.all(
    processes.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      // The name of the program may have spaces and brackets in it.
      const [, , of] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(of) === group ? [pid] : [];
    }),
  );
  return await usageOf(inGroup.flat());
}

async function usageOf(processes: readonly number[]): Promise<SandboxUsage> {
  const [memory, waited, busy] = await Promise.all([
    Promise.all(processes.map(residentBytes)),
    Promise.all(processes.map(waitedMsOf)),
    Promise.all(processes.map(isBusy)),
  ]);
  return { memoryBytes: sum(memory), waitedMs: sum(waited), isBusy: busy.includes(true) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Bytes of the files below a folder. Symbolic links are not followed. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        lstat(join(entry.parentPath, entry.name)).then(
          ({ blocks }) => blocks * 512,
          () => 0,
        ),
      ),
  );
  return sum(sizes);
}

/** Private and shared pages: proc(5), statm. */
async function residentBytes(pid: number): Promise<number> {
  const [, resident = "0"] = (await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "0 0")).split(" ");
  return Number(resident) * PAGE_BYTES;
}

/** Nanoseconds on a processor, and waiting for one: sched-stats of the kernel's documentation. 0 where it counts none. */
async function waitedMsOf(pid: number): Promise<number> {
  const [, waited = "0"] = (await readFile(`/proc/${pid}/schedstat`, "utf8").catch(() => "0 0")).split(" ");
  return Number(waited) / 1e6;
}

/** The state of its threads: proc(5), stat. */
async function isBusy(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const stats = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, "utf8").catch(() => "")));
  return stats.some((stat) => /^[RD]/.test(stat.slice(stat.lastIndexOf(")") + 2)));
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "")),
  );
  return lists.flatMap((list) => list.split(" ").map(Number)).filter((child) => child > 0);
}
