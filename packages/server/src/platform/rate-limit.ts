/** Limits how often each key may do something: a token bucket for each, which tells how long to wait for the next token. */

export type Rate = {
  /** Times in a row after a rest. */
  readonly burst: number;
  /** Times per second on average. */
  readonly perSecond: number;
};

export type TokenBucket = { tokens: number; refilledAt: number };

/** Beyond that, full buckets are dropped: they say nothing. */
const MAX_BUCKETS = 50_000;
/** Old buckets that are looked at for each new one, so that no key waits for all of them. */
const DROP_AT_ONCE = 4;

export class RateLimit {
  private readonly rateNow: () => Rate;
  private readonly now: () => number;
  private readonly buckets = new Map<string, TokenBucket>();

  /**
   * @param rate a function where it can change
   * @param now monotonic milliseconds
   */
  constructor(rate: Rate | (() => Rate), now: () => number = () => performance.now()) {
    this.rateNow = typeof rate === "function" ? rate : () => rate;
    this.now = now;
  }

  /**
   * Seconds until every one of the keys may do it once more; 0: now, and it is counted.
   * @param times it counts for so many, at most for the burst
   */
  take(keys: readonly string[], times = 1): number {
    const { burst, perSecond } = this.rateNow();
    const wanted = Math.min(times, burst);
    const buckets = keys.map((key) => this.bucket(key));
    const missing = Math.max(...buckets.map(({ tokens }) => wanted - tokens), 0);
    if (missing > 0) return missing / perSecond;
    for (const bucket of buckets) bucket.tokens -= wanted;
    return 0;
  }

  private bucket(key: string): TokenBucket {
    const now = this.now();
    const rate = this.rateNow();
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (this.buckets.size >= MAX_BUCKETS) this.dropFull(rate, now);
      bucket = { tokens: rate.burst, refilledAt: now };
      this.buckets.set(key, bucket);
    }
    refill(bucket, rate, now);
    return bucket;
  }

  /** Looks at the oldest buckets; those that are not full become the newest. */
  private dropFull(rate: Rate, now: number): void {
    let looked = 0;
    for (const [key, bucket] of this.buckets) {
      if (looked++ === DROP_AT_ONCE) return;
      refill(bucket, rate, now);
      this.buckets.delete(key);
      if (bucket.tokens < rate.burst) this.buckets.set(key, bucket);
    }
  }
}

/** Adds the tokens of the time since the last refill. @param now monotonic milliseconds */
export function refill(bucket: TokenBucket, { burst, perSecond }: Rate, now: number): void {
  bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.refilledAt) / 1000) * perSecond);
  bucket.refilledAt = now;
}
