/** Measures how long work holds the event loop of the thread that runs it, in CPU time, so that other programs on a busy machine do not count. */
import { setImmediate as nextTurn } from "node:timers/promises";

export type EventLoopDelay<T> = {
  readonly result: T;
  /** The most CPU time that this thread has spent between two turns of its loop, in milliseconds. */
  readonly longestMs: number;
};

/**
 * CPU time of this thread, in milliseconds. Linux adds what runs now to the figure of the process when that is asked for, and to the figure of the
 * thread only at the next tick of the kernel, unless the process has just been asked.
 */
export function threadCpuMs(): number {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

export async function eventLoopDelay<T>(work: () => Promise<T>): Promise<EventLoopDelay<T>> {
  let longestMs = 0;
  let before = threadCpuMs();
  let next: NodeJS.Immediate | undefined;
  // Without promises: those of each turn would be garbage to collect, and are counted by the hooks of node:test.
  const look = (): void => {
    const now = threadCpuMs();
    longestMs = Math.max(longestMs, now - before);
    before = now;
    next = setImmediate(look);
  };
  look();
  try {
    const result = await work();
    await nextTurn();
    return { result, longestMs };
  } finally {
    clearImmediate(next);
  }
}

const ATTEMPTS = 6;

/**
 * What a test lets work hold the loop for, in milliseconds. The promise is 5, and `script/bench access` measures it alone. Tests run beside others
 * in one process, whose garbage is collected in the same turns; work that is not divided takes 30 and more.
 */
export const TESTED_HOLD_MS = 15;

/**
 * Measures again until the loop is held for less than a test allows. What work holds, it holds in every attempt; what a busy machine or the garbage
 * of other work adds to one, is not in all of them.
 *
 * @param prepare what each attempt needs, which is not measured
 * @returns the least, in milliseconds
 */
export async function leastEventLoopDelay(work: () => Promise<unknown>, prepare: () => void = () => {}): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ATTEMPTS && least >= TESTED_HOLD_MS; i++) {
    prepare();
    least = Math.min(least, (await eventLoopDelay(work)).longestMs);
  }
  return least;
}
