/**
 * Defines how many cores of this machine are free for jobs, by measurement: the machine's use by all programs, and what jobs need that have just
 * begun and are not in the measurement yet.
 */
import { availableParallelism, cpus } from "node:os";
import type { Clock } from "../clock.ts";

/** What the machine's cores have done since they started, milliseconds of all cores together. */
export type CpuTimes = { readonly busy: number; readonly total: number };

export type CoreBudgetOptions = {
  readonly clock: Clock;
  /** Cores that this program may use. */
  readonly cores?: number;
  readonly sample?: () => CpuTimes;
  /** Cores that are used by programs which leave them to jobs at once, because they have a lower priority. Default: 0. */
  readonly yielding?: () => number;
};

/** Use is averaged over about so long. */
const AVERAGE_MS = 4000;
/** A job needs about so long until its use is in the average. */
const SETTLED_MS = 8000;
/** Cores that stay free for streams and viewers: a share of all, and at least so many. */
const RESERVE = { share: 0.1, least: 0.2 } as const;

export class CoreBudget {
  readonly cores: number;
  private readonly clock: Clock;
  private readonly sample: () => CpuTimes;
  private readonly yielding: () => number;
  private readonly begun = new Map<string, { readonly cores: number; readonly at: number }>();
  private before: CpuTimes;
  private measuredAt: number;
  private busyShare: number | null = null;

  constructor({ clock, cores = availableParallelism(), sample = machineTimes, yielding = () => 0 }: CoreBudgetOptions) {
    this.clock = clock;
    this.cores = cores;
    this.sample = sample;
    this.yielding = yielding;
    this.before = sample();
    this.measuredAt = clock.monotonic();
  }

  /** Measures. To be called about every second. */
  measure(): void {
    const now = this.clock.monotonic();
    const next = this.sample();
    const total = next.total - this.before.total;
    if (total <= 0) return;
    const share = Math.max(0, Math.min(1, (next.busy - this.before.busy) / total));
    const weight = Math.min(1, (now - this.measuredAt) / AVERAGE_MS);
    this.busyShare = this.busyShare === null ? share : this.busyShare + (share - this.busyShare) * weight;
    this.before = next;
    this.measuredAt = now;
    for (const [key, { at }] of this.begun) if (now - at > SETTLED_MS) this.begun.delete(key);
  }

  /** Cores that a job may take now; 0 before the first measurement. */
  get free(): number {
    return this.busyShare === null ? 0 : Math.max(0, this.idle + this.yielding());
  }

  /** Cores that a program of a lower priority may take now: those that nobody uses. */
  get unused(): number {
    return Math.max(0, this.idle);
  }

  /** Cores that jobs could take on this machine if it did nothing else. */
  get most(): number {
    return Math.max(0, this.cores - this.reserve);
  }

  /** A job begins here. */
  begin(key: string, cores: number): void {
    this.begun.set(key, { cores, at: this.clock.monotonic() });
  }

  private get idle(): number {
    const reserved = [...this.begun.values()].reduce((sum, { cores }) => sum + cores, 0);
    return this.cores * (1 - (this.busyShare ?? 1)) - reserved - this.reserve;
  }

  private get reserve(): number {
    return Math.max(RESERVE.least, this.cores * RESERVE.share);
  }
}

function machineTimes(): CpuTimes {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const used = times.user + times.nice + times.sys + times.irq;
    busy += used;
    total += used + times.idle;
  }
  return { busy, total };
}
