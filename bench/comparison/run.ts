/** Runs a program to its end, and ends it with all that it started when the comparison is interrupted. */
import type { ChildProcess } from "node:child_process";
import { pause, processTree, start } from "../testbed/child-process.ts";

export type RunOptions = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> };

/** A benchmark ends its servers within this time, as `runInterruptible` does. */
const END_SECONDS = 8;

const running = new Set<ChildProcess>();

export class RunError extends Error {
  /** Null: it was killed. */
  readonly exitCode: number | null;

  constructor(message: string, exitCode: number | null) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** @returns what it wrote to its standard output @throws RunError with the reason that it wrote to its standard error */
export async function run([program = "", ...args]: readonly string[], { cwd, env }: RunOptions = {}): Promise<string> {
  const child = start([program, ...args], {
    core: null,
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  });
  running.add(child);
  let out = "";
  let error = "";
  child.stdout?.on("data", (bytes) => (out += bytes));
  child.stderr?.on("data", (bytes) => (error += bytes));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  }).finally(() => running.delete(child));
  if (exitCode === 0) return out;
  throw new RunError(reasonOf(error) ?? `${program} failed`, exitCode);
}

/** A benchmark says why it ended in a line with its name; a stack may follow. */
function reasonOf(error: string): string | null {
  const lines = error.trim().split("\n");
  return lines.findLast((line) => /^bench: \w*Error/.test(line)) ?? lines.findLast((line) => line !== "") ?? null;
}

/** Ends what runs. What does not end by itself is killed. */
export async function endRuns(): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      const all = processTree(child.pid ?? 0);
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await Promise.race([ended, pause(END_SECONDS)]);
      for (const pid of all) kill(pid);
    }),
  );
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
