/** Lets through so many log lines a second of a kind that strangers can cause, and says once how many it kept back. */
import type { Clock } from "./clock.ts";

const LINES_PER_SECOND = 20;

export class LogThrottle {
  private readonly clock: Clock;
  private readonly summarise: (count: number) => void;
  private second = Number.NEGATIVE_INFINITY;
  private lines = 0;
  private keptBack = 0;

  /** @param summarise is told, a second later, how many lines were kept back */
  constructor(clock: Clock, summarise: (count: number) => void) {
    this.clock = clock;
    this.summarise = summarise;
  }

  /** True when one more line may be written. */
  allow(): boolean {
    const second = Math.floor(this.clock.monotonic() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.lines = 0;
    }
    if (++this.lines <= LINES_PER_SECOND) return true;
    if (this.keptBack++ === 0) {
      this.clock.after(1000, () => {
        this.summarise(this.keptBack);
        this.keptBack = 0;
      });
    }
    return false;
  }
}
