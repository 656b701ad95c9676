/** Runs a benchmark or drill as a program, and ends everything that it started, also on SIGINT and SIGTERM. */
import { pause, processTree } from "./child-process.ts";
import { UsageError } from "./usage-error.ts";

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;
/** Nodes drain and databases stop within this time; what is left is killed. */
const CLEANUP_SECONDS = 15;

const endings = new Set<() => unknown>();

/** Registers how to end something. @returns removes the registration; the owner calls it after it has ended the thing itself */
export function endOnInterrupt(end: () => unknown): () => void {
  endings.add(end);
  return () => void endings.delete(end);
}

/** Runs a program until it returns its exit code or a signal arrives, ends what it started, and exits. */
export async function runInterruptible(name: string, program: () => Promise<number>): Promise<never> {
  const interrupted = new Promise<number>((resolve) => {
    for (const [signal, code] of Object.entries(SIGNALS))
      process.once(signal, () => {
        process.stderr.write(`${name}: ${signal} received, ending all processes\n`);
        resolve(code);
      });
  });
  const finished = program().catch((error: unknown) => {
    const isUsage = error instanceof UsageError;
    process.stderr.write(`${name}: ${error instanceof Error ? (isUsage ? error.message : error.stack) : String(error)}\n`);
    return isUsage ? 2 : 1;
  });
  const code = await Promise.race([finished, interrupted]);
  await Promise.race([endAll(), pause(CLEANUP_SECONDS)]);
  // Processes that were still starting when the signal arrived have no registered end.
  for (const pid of processTree(process.pid).slice(1)) kill(pid);
  process.exit(code);
}

async function endAll(): Promise<void> {
  const wanted = [...endings].reverse();
  endings.clear();
  await Promise.allSettled(wanted.map((end) => end()));
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // The process has ended already.
  }
}
