/** Counts stalls and rates the connection by those of the last 30 seconds. All times are milliseconds of one monotonic clock. */

export type ConnectionRating = "good" | "fair" | "poor";

const MEMORY_MS = 30_000;
/** A stall that still goes on counts as this long. */
const OPEN_STALL_MS = 500;
const POOR_ABOVE = { milliseconds: 3000, stalls: 3 } as const;

export class StallLog {
  count = 0;
  totalMs = 0;
  private openSince: number | null = null;
  private recent: readonly { readonly at: number; readonly milliseconds: number }[] = [];

  get isStalled(): boolean {
    return this.openSince !== null;
  }

  start(now: number): void {
    if (this.openSince !== null) return;
    this.openSince = now;
    this.count++;
  }

  end(now: number): void {
    if (this.openSince === null) return;
    const milliseconds = now - this.openSince;
    this.openSince = null;
    this.totalMs += milliseconds;
    this.recent = [...this.recent, { at: now, milliseconds }];
  }

  /** Drops the open stall without its length: the engine closes, so the wait is a reconnect. */
  cancel(): void {
    this.openSince = null;
  }

  /** Milliseconds of the open stall; 0 when there is none. */
  openMs(now: number): number {
    return this.openSince === null ? 0 : now - this.openSince;
  }

  rating(now: number): ConnectionRating {
    this.recent = this.recent.filter(({ at }) => now - at < MEMORY_MS);
    const closedMs = this.recent.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const stalledMs = closedMs + (this.isStalled ? OPEN_STALL_MS : 0);
    if (stalledMs > POOR_ABOVE.milliseconds || this.recent.length > POOR_ABOVE.stalls) return "poor";
    return stalledMs > 0 ? "fair" : "good";
  }
}
