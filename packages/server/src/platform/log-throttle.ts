/** Limits the rate of log lines that strangers can cause, and reports how many lines it suppressed. */
import type { Clock } from "./clock.ts";

const LINES_PER_SECOND = 20;

export class LogThrottle {
  private readonly clock: Clock;
  private readonly summarise: (count: number) => void;
  private second = Number.NEGATIVE_INFINITY;
  private lines = 0;
  private suppressed = 0;

  /** @param summarise receives the number of suppressed lines a second later */
  constructor(clock: Clock, summarise: (count: number) => void) {
    this.clock = clock;
    this.summarise = summarise;
  }

  /** Whether one more line may be written. */
  allow(): boolean {
    const second = Math.floor(this.clock.monotonic() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.lines = 0;
    }
    if (++this.lines <= LINES_PER_SECOND) return true;
    if (this.suppressed++ === 0) {
      this.clock.after(1000, () => {
        this.summarise(this.suppressed);
        this.suppressed = 0;
      });
    }
    return false;
  }
}
