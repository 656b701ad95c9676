/** Calls that wait for a common moment: one wake-up of the process serves all that wait for the same interval. */
import type { Clock } from "./clock.ts";

export class Rounds {
  private readonly clock: Clock;
  private readonly waiting = new Map<number, Set<() => void>>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Calls in the next round of an interval, which is at most that far away. A call that waits for it already is called once. */
  wait(milliseconds: number, call: () => void): void {
    const round = this.waiting.get(milliseconds);
    if (round) {
      round.add(call);
      return;
    }
    this.waiting.set(milliseconds, new Set([call]));
    this.clock.after(milliseconds, () => this.begin(milliseconds));
  }

  /** Calls off a call. */
  leave(milliseconds: number, call: () => void): void {
    this.waiting.get(milliseconds)?.delete(call);
  }

  private begin(milliseconds: number): void {
    const round = this.waiting.get(milliseconds) ?? [];
    this.waiting.delete(milliseconds);
    for (const call of round) call();
  }
}
