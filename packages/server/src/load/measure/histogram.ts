/** Counts durations in steps of a millisecond, in memory that does not grow with their number. */
export type Delays = { readonly count: number; readonly p50: number; readonly p99: number; readonly longest: number };

/** Longer ones count as this long. */
const LONGEST_MS = 60_000;

export class Histogram {
  private readonly counts = new Uint32Array(LONGEST_MS + 1);
  private total = 0;
  private longest = 0;

  add(milliseconds: number): void {
    this.addMany(milliseconds, 1);
  }

  addMany(milliseconds: number, count: number): void {
    const at = Math.min(LONGEST_MS, Math.max(0, Math.round(milliseconds)));
    this.counts[at] = (this.counts[at] ?? 0) + count;
    this.total += count;
    this.longest = Math.max(this.longest, at);
  }

  /** Forgets what was counted. */
  reset(): void {
    this.counts.fill(0, 0, this.longest + 1);
    this.total = 0;
    this.longest = 0;
  }

  get count(): number {
    return this.total;
  }

  get delays(): Delays {
    return { count: this.total, p50: this.quantile(0.5), p99: this.quantile(0.99), longest: this.longest };
  }

  get max(): number {
    return this.longest;
  }

  /** @param share 0 to 1. 0 where nothing was counted */
  quantile(share: number): number {
    let seen = 0;
    for (let at = 0; at <= this.longest; at++) {
      seen += this.counts[at] ?? 0;
      if (seen >= share * this.total) return at;
    }
    return this.longest;
  }
}
