/**
 * Sends to the viewers of a process in turn. A viewer gets a large access unit, such as a key frame, spread over some milliseconds, since a burst
 * overflows the queues of the network; and nobody holds the event loop.
 */
import type { Clock } from "../../../platform/clock.ts";

/** A viewer that is sent to. */
export type Paced = {
  /**
   * Sends what may be sent now, and not too much at once.
   * @returns done: all is sent. more: some is left, that may be sent at once. later: some is left, that has to wait
   */
  readonly sendSome: (now: number) => "done" | "more" | "later";
};

/** No piece of work is longer than this before the event loop gets its turn. */
const MAX_HOLD_MS = 4;
/** Who has to wait is looked at this often. */
const STEP_MS = 5;

export class PacketPacer {
  private due = new Set<Paced>();
  private readonly waiting = new Set<Paced>();
  private readonly clock: Pick<Clock, "monotonic" | "after">;
  private cancelStep: (() => void) | null = null;
  private isScheduled = false;

  constructor(clock: Pick<Clock, "monotonic" | "after">) {
    this.clock = clock;
  }

  /** There is something to send. */
  wake(one: Paced): void {
    if (this.waiting.has(one)) return;
    this.due.add(one);
    this.schedule();
  }

  remove(one: Paced): void {
    this.due.delete(one);
    this.waiting.delete(one);
  }

  close(): void {
    this.cancelStep?.();
    this.cancelStep = null;
    this.due.clear();
    this.waiting.clear();
  }

  private schedule(): void {
    if (this.isScheduled || this.due.size === 0) return;
    this.isScheduled = true;
    setImmediate(() => this.work());
  }

  private work(): void {
    this.isScheduled = false;
    let now = this.clock.monotonic();
    const until = now + MAX_HOLD_MS;
    // Who has more to send goes to the end, so that all have a turn before.
    for (const one of this.due) {
      this.due.delete(one);
      const left = one.sendSome(now);
      if (left === "more") this.due.add(one);
      else if (left === "later") this.waiting.add(one);
      now = this.clock.monotonic();
      if (now >= until) break;
    }
    if (this.waiting.size > 0) this.cancelStep ??= this.clock.after(STEP_MS, () => this.step());
    this.schedule();
  }

  private step(): void {
    this.cancelStep = null;
    for (const one of this.waiting) this.due.add(one);
    this.waiting.clear();
    this.schedule();
  }
}
