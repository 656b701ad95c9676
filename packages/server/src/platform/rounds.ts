/** Calls that wait for a common moment: one wake-up of the process serves all that wait for the same interval. */
import type { Clock } from "./clock.ts";

/** A round that is nearer than this is missed, for the next one. */
const NEAREST_MS = 5;

export class Rounds {
  private readonly clock: Clock;
  private readonly aheadMs: number | null;
  private readonly waiting = new Map<number, Set<() => void>>();

  /**
   * @param aheadMs rounds are so long before the multiples of their interval on the monotonic clock; null: an interval after who waits first
   */
  constructor(clock: Clock, aheadMs: number | null = null) {
    this.clock = clock;
    this.aheadMs = aheadMs;
  }

  /** Calls in the next round of an interval. A call that waits for it already is called once. */
  wait(milliseconds: number, call: () => void): void {
    const round = this.waiting.get(milliseconds);
    if (round) {
      round.add(call);
      return;
    }
    this.waiting.set(milliseconds, new Set([call]));
    this.clock.after(this.untilRound(milliseconds), () => this.begin(milliseconds));
  }

  /** Calls off a call. */
  leave(milliseconds: number, call: () => void): void {
    this.waiting.get(milliseconds)?.delete(call);
  }

  private untilRound(interval: number): number {
    if (this.aheadMs === null) return interval;
    const left = interval - ((this.clock.monotonic() + this.aheadMs) % interval);
    return Math.round(left < NEAREST_MS ? left + interval : left);
  }

  private begin(milliseconds: number): void {
    const round = this.waiting.get(milliseconds) ?? [];
    this.waiting.delete(milliseconds);
    for (const call of round) call();
  }
}
