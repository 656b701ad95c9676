/** Measures the processes of a node from outside: processor time, memory and open descriptors, of each and of the programs that it runs. */
import { readdir, readFile, stat } from "node:fs/promises";
import type { ProcessSample } from "../../contracts/monitoring/node-sample.ts";
import { openFilesLimit, processMemory, processSeconds } from "./proc-files.ts";

/** All programs that the processes run, together: ffmpeg. */
const PROGRAMS = "ffmpeg";

export type RunningProcess = { readonly name: string; readonly pid: number };
export type ProcessFigures = Omit<ProcessSample, "holdMs">;

type Reading = { readonly cpuSeconds: number; readonly memoryBytes: number; readonly descriptors: number };
type Known = { readonly cpuSeconds: number; readonly at: number };

export class ProcessMeter {
  private known = new Map<number, Known>();

  /** Processes that have ended meanwhile are left out. Cores are those since the last call. */
  async take(processes: readonly RunningProcess[]): Promise<ProcessFigures[]> {
    const before = this.known;
    this.known = new Map();
    const found = await Promise.all(processes.map(async ({ name, pid }) => await this.measure(name, pid, before)));
    const pids = (await Promise.all(processes.map(({ pid }) => childrenOf(pid)))).flat();
    const own = new Set(processes.map(({ pid }) => pid));
    const programs = await Promise.all(
      pids.filter((pid) => !own.has(pid)).map(async (pid) => await this.measure(PROGRAMS, pid, before)),
    );
    return [...found.flatMap((figures) => figures ?? []), ...summed(programs.flatMap((figures) => figures ?? []))];
  }

  private async measure(name: string, pid: number, before: ReadonlyMap<number, Known>): Promise<ProcessFigures | null> {
    const reading = await readProcess(pid);
    if (!reading) return null;
    const at = performance.now();
    this.known.set(pid, { cpuSeconds: reading.cpuSeconds, at });
    const earlier = before.get(pid);
    const cpu = earlier ? Math.max(0, reading.cpuSeconds - earlier.cpuSeconds) / Math.max(0.001, (at - earlier.at) / 1000) : 0;
    return { name, cpu, memoryBytes: reading.memoryBytes, descriptors: reading.descriptors };
  }
}

/** The number of files that this program may open; processes inherit it. 0: unknown. */
export async function descriptorLimit(): Promise<number> {
  return openFilesLimit(await readFile("/proc/self/limits", "utf8").catch(() => "")) ?? 0;
}

async function readProcess(pid: number): Promise<Reading | null> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => null);
  const [times, status] = await Promise.all([read("stat"), read("status")]);
  if (times === null) return null;
  const descriptors = await countDescriptors(`/proc/${pid}/fd`);
  return { cpuSeconds: processSeconds(times), memoryBytes: processMemory(status ?? ""), descriptors };
}

async function countDescriptors(path: string): Promise<number> {
  // Linux 6.2 and newer have the number as the folder's size, which spares reading thousands of names.
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  return size > 0 ? size : (await readdir(path).catch(() => [])).length;
}

/** Not every kernel has the list. */
async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return list.split(" ").flatMap((child) => (child.trim() === "" ? [] : [Number(child)]));
}

function summed(programs: readonly ProcessFigures[]): ProcessFigures[] {
  if (programs.length === 0) return [];
  const sum = (of: (figures: ProcessFigures) => number) => programs.reduce((total, figures) => total + of(figures), 0);
  return [
    {
      name: PROGRAMS,
      cpu: sum(({ cpu }) => cpu),
      memoryBytes: sum(({ memoryBytes }) => memoryBytes),
      descriptors: Math.max(...programs.map(({ descriptors }) => descriptors)),
    },
  ];
}
