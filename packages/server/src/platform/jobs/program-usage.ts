/** Measures how many cores the program of a job uses, from one report to the next. */
import type { Clock } from "../clock.ts";
import { groupCpuSeconds } from "./group-usage.ts";

/** Shorter measurements say more about the kernel's ticks than about the program. */
const LEAST_MS = 2000;

export class ProgramUsage {
  private readonly clock: Clock;
  private before: { readonly pid: number; readonly at: number; readonly seconds: number } | null = null;
  private cores: number | null = null;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Cores that it uses now; null without a program, or where it is not measured yet. To be called every few seconds. */
  measure(pid: number | null): number | null {
    const seconds = pid === null ? null : groupCpuSeconds(pid);
    if (pid === null || seconds === null) {
      this.before = null;
      this.cores = null;
      return null;
    }
    const at = this.clock.monotonic();
    if (this.before?.pid !== pid) {
      this.before = { pid, at, seconds };
      this.cores = null;
    } else if (at - this.before.at >= LEAST_MS) {
      this.cores = ((seconds - this.before.seconds) * 1000) / (at - this.before.at);
      this.before = { pid, at, seconds };
    }
    return this.cores;
  }
}
