/** Bits per second over the last moments. Bounded: counts are kept in buckets. */

const BUCKETS = 20;

/** Bits per second over a window that moves with time. */
export class ByteRate {
  private readonly bucketMs: number;
  private readonly bytes: number[] = Array.from({ length: BUCKETS }, () => 0);
  private current: number | null = null;
  private begunAt = 0;

  /** @param windowMs milliseconds that it looks back */
  constructor(windowMs: number) {
    this.bucketMs = windowMs / BUCKETS;
  }

  add(bytes: number, now: number): void {
    this.moveTo(now);
    const at = (this.current ?? 0) % BUCKETS;
    this.bytes[at] = (this.bytes[at] ?? 0) + bytes;
  }

  /** Null before there was enough to tell: a quarter of the window. */
  bitsPerSecond(now: number): number | null {
    if (this.current === null) return null;
    this.moveTo(now);
    const passed = Math.min(now - this.begunAt, this.bucketMs * BUCKETS);
    if (passed < (this.bucketMs * BUCKETS) / 4) return null;
    return (this.bytes.reduce((sum, count) => sum + count, 0) * 8000) / passed;
  }

  private moveTo(now: number): void {
    const bucket = Math.max(0, Math.floor(now / this.bucketMs));
    if (this.current === null || bucket - this.current >= BUCKETS * 2) {
      this.bytes.fill(0);
      this.current = bucket;
      this.begunAt = now;
      return;
    }
    for (; this.current < bucket; this.current++) this.bytes[(this.current + 1) % BUCKETS] = 0;
  }
}
