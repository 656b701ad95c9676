/** Notices when this process does not come to its work: its event loop is held, or its machine stands still. Watches only while somebody asks. */

/** The interval of the timer that is expected back in time. */
const STEP_MS = 100;
/** A shorter delay is usual on any machine. */
const NOTICED_MS = 50;
const KEPT_MS = 30_000;
/** Nobody has asked for so long: the timer ends, so that a process at rest stays so. */
const WATCH_MS = 5000;

export class EventLoopDelays {
  private readonly holds: { readonly at: number; readonly milliseconds: number }[] = [];
  /** When the timer is expected; null: nobody asks. */
  private due: number | null = null;
  private requestedAt = 0;

  /** The longest hold within the last so many milliseconds, 30 000 at most; one that lasts is counted too. 0 when asked for the first time. */
  longest(withinMs: number): number {
    const now = performance.now();
    this.requestedAt = now;
    if (this.due === null) this.wait(now);
    let longest = Math.max(0, now - (this.due ?? now));
    for (const { at, milliseconds } of this.holds) if (at >= now - withinMs) longest = Math.max(longest, milliseconds);
    return Math.round(longest);
  }

  private wait(now: number): void {
    this.due = now + STEP_MS;
    setTimeout(() => this.turn(), STEP_MS).unref();
  }

  private turn(): void {
    const now = performance.now();
    const milliseconds = now - (this.due ?? now);
    if (milliseconds >= NOTICED_MS) this.holds.push({ at: now, milliseconds });
    while ((this.holds[0]?.at ?? now) < now - KEPT_MS) this.holds.shift();
    if (now - this.requestedAt > WATCH_MS) this.due = null;
    else this.wait(now);
  }
}
