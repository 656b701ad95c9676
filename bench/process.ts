/** Child processes of a benchmark: pinned to a core, ended with it. */
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
  readonly core: number;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly stdio?: ("ignore" | "pipe" | "inherit" | ChildProcess["stdout"])[];
};

export function start(command: readonly string[], options: StartOptions): ChildProcess {
  const child = spawn("taskset", ["-c", String(options.core), ...command], {
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

/** Runs a command to its end and gives what it printed. */
export function output(command: readonly string[], core: number): Promise<string> {
  const child = start(command, { core, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout?.on("data", (bytes) => (out += bytes));
  return new Promise((resolve) => child.on("close", () => resolve(out)));
}

/** Seconds of CPU that a process and its threads have used. */
export function cpuSeconds(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return (
    tasks.reduce((sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]), 0) / 1e9
  );
}

export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
}

export const pause = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

/** Compiles one of the C tools, once. */
export function compile(name: string, directory: string): string {
  const binary = `${directory}/${name}`;
  execFileSync("cc", ["-O2", "-w", "-o", binary, `${import.meta.dirname}/native/${name}.c`]);
  return binary;
}
