/**
 * Bounds the bytes in flight on a connection that sends one stripe. Without it the kernel buffers much more than a slow line carries in
 * a second, and an entry requested in between would arrive behind all of that.
 */

/** The window is the line's throughput over `forMs`, measured over `averagedMs`; and at least `minBytes`. */
const WINDOW = { forMs: 500, averagedMs: 1000, minBytes: 24 * 1024 } as const;

export class InFlightWindow {
  private written = 0;
  private received = 0;
  private bounded = false;
  private bytesPerMs = 0;
  private reportedAt = 0;
  private waiting: (() => void) | null = null;

  /** Begins to bound the window. Bytes written before count, and are not waited for. */
  begin(): void {
    this.bounded = true;
    this.reportedAt = performance.now();
  }

  end(): void {
    this.bounded = false;
    this.bytesPerMs = 0;
    this.wake();
  }

  add(bytes: number): void {
    this.written += bytes;
  }

  /** @param received bytes that the follower has received since the connection was opened */
  report(received: number): void {
    const now = performance.now();
    const elapsedMs = Math.max(1, now - this.reportedAt);
    const rate = Math.max(0, received - this.received) / elapsedMs;
    this.bytesPerMs += (rate - this.bytesPerMs) * Math.min(1, elapsedMs / WINDOW.averagedMs);
    this.received = received;
    this.reportedAt = now;
    if (this.hasRoom) this.wake();
  }

  /** Resolves when more may be written. */
  async room(): Promise<void> {
    while (this.bounded && !this.hasRoom) await new Promise<void>((resolve) => (this.waiting = resolve));
  }

  private get hasRoom(): boolean {
    return this.written - this.received < Math.max(WINDOW.minBytes, this.bytesPerMs * WINDOW.forMs);
  }

  private wake(): void {
    this.waiting?.();
    this.waiting = null;
  }
}
