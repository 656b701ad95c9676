/**
 * Provides a clock that stands still while this process does. A timer moves it every 20 ms; a longer gap means that the process, or its machine, was
 * held, and that packets waited in the kernel meanwhile. The gap is left out, so the probe's own lateness is no stall of the stream and no time-out.
 */

const TICK_MS = 20;
/** Timers come a little late on every machine. */
const SLACK_MS = 30;

export class StallCompensatedClock {
  private readonly read: () => number;
  private readonly timer: NodeJS.Timeout;
  private readonly waiting = new Set<{ readonly at: number; readonly call: () => void }>();
  private last: number;
  private skipped = 0;

  /** @param read milliseconds, never decreasing */
  constructor(read: () => number = () => performance.now()) {
    this.read = read;
    this.last = read();
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Milliseconds since an arbitrary moment, without the time in which this process was held. */
  now(): number {
    const at = this.read();
    const gap = at - this.last;
    if (gap > TICK_MS + SLACK_MS) this.skipped += gap - TICK_MS;
    this.last = at;
    return at - this.skipped;
  }

  /** Calls once, when so much time of this clock has passed. Returns a function that cancels the call. */
  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.now() + milliseconds, call };
    this.waiting.add(entry);
    return () => this.waiting.delete(entry);
  }

  async sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => this.after(milliseconds, resolve));
  }

  /** Milliseconds that were left out. */
  get lateMs(): number {
    return this.skipped;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = this.now();
    for (const entry of this.waiting) {
      if (entry.at > now) continue;
      this.waiting.delete(entry);
      entry.call();
    }
  }
}
