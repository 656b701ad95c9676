/** Provides child processes of a benchmark: pinned to a core, ended with the benchmark; their CPU time and memory. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";

export const SERVER_CORE = 0;
export const CLIENT_CORE = 1;

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export type StartOptions = {
  /** Null: any core. */
  readonly core: number | null;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly stdio?: ("ignore" | "pipe" | "inherit" | ChildProcess["stdout"])[];
};

export function start(command: readonly string[], options: StartOptions): ChildProcess {
  const pinned = options.core === null ? command : ["taskset", "-c", String(options.core), ...command];
  const [program = "", ...rest] = pinned;
  const child = spawn(program, rest, {
    env: { ...process.env, ...options.env },
    ...(options.cwd ? { cwd: options.cwd } : {}),
    stdio: options.stdio ?? ["ignore", "ignore", "ignore"],
  });
  running.add(child);
  child.on("exit", () => running.delete(child));
  return child;
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 4000);
  await gone;
  clearTimeout(timer);
}

/** Runs a command to its end and returns its output. */
export function output(command: readonly string[], core: number): Promise<string> {
  const child = start(command, { core, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout?.on("data", (bytes) => (out += bytes));
  return new Promise((resolve) => child.on("close", () => resolve(out)));
}

/** A process and all its descendants; the process itself comes first. */
export function processTree(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(Number(name)) }));
  const tree = [pid];
  for (const one of tree) for (const { pid: child, parent } of parents) if (parent === one) tree.push(child);
  return tree;
}

function parentOf(pid: number): number | null {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return null;
  }
}

/** CPU time of a process and its descendants, with all threads, in seconds. */
export function cpuSeconds(pid: number): number {
  return processTree(pid).reduce((sum, one) => sum + ownCpuSeconds(one), 0);
}

/** CPU time of one process, with all threads, in seconds. */
export function ownCpuSeconds(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/schedstat`);
  return tasks.reduce((sum, task) => sum + Number(readFileSync(task, "utf8").split(" ")[0]), 0) / 1e9;
}

/** The name of a process's program; empty where it has ended. */
export function programOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

/** Resident memory of a process and its descendants. */
export function residentMb(pid: number): number {
  const kilobytes = processTree(pid).map((one) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, "utf8"))?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
}

/** Memory of a process and its descendants, with pages that several share counted once (PSS: proc(5), smaps_rollup). */
export function proportionalMb(pid: number): number {
  return processMemory(pid).reduce((sum, { mb }) => sum + mb, 0);
}

/** The same for each process, with its command line. Processes that end meanwhile are left out. */
export function processMemory(pid: number): { readonly command: string; readonly mb: number }[] {
  return processTree(pid).flatMap((one) => {
    try {
      return [
        {
          command: readFileSync(`/proc/${one}/cmdline`, "utf8").replaceAll("\0", " "),
          mb: Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, "utf8"))?.[1] ?? 0) / 1024,
        },
      ];
    } catch {
      return [];
    }
  });
}

export const pause = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

/** Compiles one of the C programs of `native/`. @returns the path of the binary */
export function compile(name: string, directory: string): string {
  const binary = `${directory}/${name}`;
  execFileSync("cc", ["-O2", "-w", "-o", binary, `${import.meta.dirname}/../native/${name}.c`]);
  return binary;
}
