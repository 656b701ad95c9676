/**
 * Sends to the viewers of a process in turn. A viewer gets a large access unit, such as a key frame, spread over some milliseconds, since a burst
 * overflows the queues on its way; and nobody holds the event loop.
 */

/** Somebody who is sent to. */
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

export class Pacer {
  private due = new Set<Paced>();
  private readonly waiting = new Set<Paced>();
  private readonly now: () => number;
  private timer: NodeJS.Timeout | null = null;
  private isScheduled = false;

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.now = now;
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
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
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
    let now = this.now();
    const until = now + MAX_HOLD_MS;
    // Who has more to send goes to the end, so that all have a turn before.
    for (const one of this.due) {
      this.due.delete(one);
      const left = one.sendSome(now);
      if (left === "more") this.due.add(one);
      else if (left === "later") this.waiting.add(one);
      now = this.now();
      if (now >= until) break;
    }
    if (this.waiting.size > 0) this.timer ??= setTimeout(() => this.step(), STEP_MS);
    this.schedule();
  }

  private step(): void {
    this.timer = null;
    for (const one of this.waiting) this.due.add(one);
    this.waiting.clear();
    this.schedule();
  }
}
