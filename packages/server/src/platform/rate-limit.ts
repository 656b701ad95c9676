/** Limits how often each key may do something: a token bucket for each, which tells how long to wait for the next token. */

export type Rate = {
  /** Times in a row after a rest. */
  readonly burst: number;
  /** Times per second on average. */
  readonly perSecond: number;
};

type Bucket = { tokens: number; refilledAt: number };

/** Beyond that, full buckets are dropped: they say nothing. */
const MAX_BUCKETS = 50_000;

export class RateLimit {
  private readonly rate: Rate;
  private readonly now: () => number;
  private readonly buckets = new Map<string, Bucket>();

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

  private bucket(key: string): Bucket {
    const now = this.now();
    const { burst } = this.rate;
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (this.buckets.size >= MAX_BUCKETS) this.dropFull();
      bucket = { tokens: burst, refilledAt: now };
      this.buckets.set(key, bucket);
    }
    this.refill(bucket, now);
    return bucket;
  }

  private refill(bucket: Bucket, now: number): void {
    bucket.tokens = Math.min(this.rate.burst, bucket.tokens + ((now - bucket.refilledAt) / 1000) * this.rate.perSecond);
    bucket.refilledAt = now;
  }

  private dropFull(): void {
    const now = this.now();
    for (const [key, bucket] of this.buckets) {
      this.refill(bucket, now);
      if (bucket.tokens >= this.rate.burst) this.buckets.delete(key);
    }
  }
}
