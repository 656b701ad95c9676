/** Measures how long a picture has stood still lately. All times are milliseconds of one monotonic clock. */

/** Without a buffer of so many seconds, the picture stands still. */
export const DRY_BELOW = 0.08;
/** The smallest picture may stand still for so long before the sound goes on alone. */
export const PATIENCE_MS = 3000;
/** Two looks that are farther apart tell nothing of the time between them: the page was asleep. */
const MAX_STEP_MS = 1000;
/** A picture that stands still for more than a fifth of the time is too little. */
const DECAY = 0.25;

export class DryMeter {
  private dryMs = 0;
  private seenAt: number;

  constructor(now: number) {
    this.seenAt = now;
  }

  /** It grows while nothing is left to show, and shrinks more slowly otherwise. */
  get ms(): number {
    return this.dryMs;
  }

  look(now: number, isDry: boolean): void {
    const passed = Math.min(MAX_STEP_MS, now - this.seenAt);
    this.seenAt = now;
    this.dryMs = isDry ? this.dryMs + passed : Math.max(0, this.dryMs - passed * DECAY);
  }

  reset(): void {
    this.dryMs = 0;
  }
}
