/** Finds a publisher that sends more than any lesson does. Its packets wait in this process without a bound while the event loop is held. */

/** Within a second: 100 Mbps, and packets of 100 bytes at most of the time of one core. */
const MOST = { bytes: 12_500_000, packets: 20_000 } as const;
const WINDOW_MS = 1000;

export class FloodGuard {
  private since: number;
  private bytes = 0;
  private packets = 0;

  constructor(now: number) {
    this.since = now;
  }

  /** True: it is too much. */
  take(bytes: number, now: number): boolean {
    if (now - this.since >= WINDOW_MS) {
      this.since = now;
      this.bytes = 0;
      this.packets = 0;
    }
    this.bytes += bytes;
    this.packets++;
    return this.bytes > MOST.bytes || this.packets > MOST.packets;
  }
}
