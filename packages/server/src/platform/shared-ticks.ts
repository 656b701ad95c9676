/** Calls that wait for a common moment: one wake-up of the process serves all that wait for the same interval. */
import type { Clock } from "./clock.ts";

export type SharedTicksOptions = {
  /** Rounds are so long before the multiples of their interval on the monotonic clock, milliseconds. Default: an interval after who waits first. */
  readonly aheadMs?: number;
  /** A round that is nearer than this is missed, for the next one, milliseconds. Default 5. */
  readonly nearestMs?: number;
};

export class SharedTicks {
  private readonly clock: Clock;
  private readonly aheadMs: number | null;
  private readonly nearestMs: number;
  private readonly waiting = new Map<number, Set<() => void>>();

  constructor(clock: Clock, { aheadMs, nearestMs = 5 }: SharedTicksOptions = {}) {
    this.clock = clock;
    this.aheadMs = aheadMs ?? null;
    this.nearestMs = nearestMs;
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
    return Math.round(left < this.nearestMs ? left + interval : left);
  }

  private begin(milliseconds: number): void {
    const round = this.waiting.get(milliseconds) ?? [];
    this.waiting.delete(milliseconds);
    for (const call of round) call();
  }
}
