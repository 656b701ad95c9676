/**
 * Provides the jobs that a node had no room for, in the order in which they get it: by priority, then by the school that has the fewest running, then
 * by age. The first one holds its place until there is room for it, so that small jobs do not keep a large one waiting for ever.
 */
import type { Clock } from "../clock.ts";

export type WaitingJob = {
  readonly key: string;
  /** The lowest comes first. */
  readonly priority: number;
  /** Whose share it counts in. */
  readonly school: string;
  readonly cores: number;
};

type Waiting<Job> = { readonly job: Job; readonly since: number; readonly requestedAt: number };

/** A job that nobody has asked for again within this is given up. */
const FORGET_MS = 20_000;
const MAX_WAITING = 1000;

export class WaitingJobs<Job extends WaitingJob> {
  private readonly clock: Clock;
  private readonly forgetMs: number;
  private readonly waiting = new Map<string, Waiting<Job>>();

  constructor(clock: Clock, forgetMs: number = FORGET_MS) {
    this.clock = clock;
    this.forgetMs = forgetMs;
  }

  /** Somebody asks for a job, perhaps not for the first time. */
  ask(job: Job): void {
    const now = this.clock.monotonic();
    const since = this.waiting.get(job.key)?.since ?? now;
    if (!this.waiting.has(job.key) && this.waiting.size >= MAX_WAITING) return;
    this.waiting.set(job.key, { job, since, requestedAt: now });
  }

  /** The job has begun, here or elsewhere, or nobody wants it any more. */
  remove(key: string): void {
    this.waiting.delete(key);
  }

  /** since: monotonic milliseconds. */
  list(): readonly { readonly job: Job; readonly since: number }[] {
    return [...this.waiting.values()];
  }

  /** The job that comes next; null when none waits. @param runningOf how many jobs of a school run here */
  first(runningOf: (school: string) => number): Job | null {
    const now = this.clock.monotonic();
    for (const [key, { requestedAt }] of this.waiting) if (now - requestedAt > this.forgetMs) this.waiting.delete(key);
    const order = (a: Waiting<Job>, b: Waiting<Job>) =>
      a.job.priority - b.job.priority || runningOf(a.job.school) - runningOf(b.job.school) || a.since - b.since;
    return [...this.waiting.values()].sort(order)[0]?.job ?? null;
  }
}
