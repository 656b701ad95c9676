/** Provides the growing delay before something that has failed is tried again. */

export type RetryTimes = {
  /** The first delay, and the longest, milliseconds. It doubles each time. */
  readonly first: number;
  readonly most: number;
  /** What has run for so long has not failed again: the next delay is the first one. */
  readonly steady: number;
};

const DEFAULT_TIMES: RetryTimes = { first: 1000, most: 30_000, steady: 10_000 };

export class RetryDelay {
  private readonly times: RetryTimes;
  private upcoming: number;

  /** @param times by default 1 s to 30 s, and 10 s of steady running */
  constructor(times: Partial<RetryTimes> = {}) {
    this.times = { ...DEFAULT_TIMES, ...times };
    this.upcoming = this.times.first;
  }

  /** The delay now, milliseconds. */
  next(): number {
    const delay = this.upcoming;
    this.upcoming = Math.min(this.times.most, delay * 2);
    return delay;
  }

  /** It ran for so long before it failed, milliseconds. True when that was long enough to begin with the first delay. */
  ran(milliseconds: number): boolean {
    const isSteady = milliseconds >= this.times.steady;
    if (isSteady) this.reset();
    return isSteady;
  }

  /** The next delay is the first one. */
  reset(): void {
    this.upcoming = this.times.first;
  }
}
