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

export class RateLimit {
  private readonly rate: Rate;
  private readonly now: () => number;
  private readonly buckets = new Map<string, TokenBucket>();

  /** @param now monotonic milliseconds */
  constructor(rate: Rate, now: () => number = () => performance.now()) {
    this.rate = rate;
    this.now = now;
  }

  /** Seconds until every one of the keys may do it once more; 0: now, and it is counted. */
  take(keys: readonly string[]): number {
    const buckets = keys.map((key) => this.bucket(key));
    const missing = Math.max(...buckets.map(({ tokens }) => 1 - tokens), 0);
    if (missing > 0) return missing / this.rate.perSecond;
    for (const bucket of buckets) bucket.tokens--;
    return 0;
  }

  private bucket(key: string): TokenBucket {
    const now = this.now();
    const { burst } = this.rate;
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (this.buckets.size >= MAX_BUCKETS) this.dropFull();
      bucket = { tokens: burst, refilledAt: now };
      this.buckets.set(key, bucket);
    }
    refill(bucket, this.rate, now);
    return bucket;
  }

  private dropFull(): void {
    const now = this.now();
    for (const [key, bucket] of this.buckets) {
      refill(bucket, this.rate, now);
      if (bucket.tokens >= this.rate.burst) this.buckets.delete(key);
    }
  }
}

/** Adds the tokens of the time since the last refill. @param now monotonic milliseconds */
export function refill(bucket: TokenBucket, { burst, perSecond }: Rate, now: number): void {
  bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.refilledAt) / 1000) * perSecond);
  bucket.refilledAt = now;
}
