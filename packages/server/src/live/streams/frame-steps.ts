/**
 * Counts the frames that a publisher has left out, by its own timestamps. That can be known only of a source with an even frame rate: a shared
 * screen sends a frame when something moves, and leaves out nothing.
 */

/** So far from the usual distance, a frame is still in its place: cameras and timestamps in milliseconds are that uneven. */
const TOLERANCE = 0.35;
const ROUNDING_MS = 3;
/** Two frames that are further apart than this many usual distances: frames between them are missing. */
const DROP_FACTOR = 1.75;
/** A longer gap is a publisher that has stopped sending pictures, and not one that leaves out some. */
const MAX_GAP_MS = 3000;
/** Steps after which it is known whether a source is even. */
const SETTLED_STEPS = 15;
/** The share of steps that are as usual, over so many steps. */
const MEMORY = 64;
const EVEN_SHARE = 0.9;
/** An encoder that leaves out half of its frames still has more usual steps than this. With fewer, the rate has changed. */
const LEAST_BASELINE_SHARE = 0.2;
/** So many longer steps without a usual one between them: the publisher has another rate now. */
const NEW_RATE_STEPS = 24;

export class FrameSteps {
  /** Frames that were left out. */
  dropped = 0;
  /** In so many places. */
  gaps = 0;
  private usual = 0;
  private steps = 0;
  private usualShare = 0;
  private isEven = false;
  /** Counts as soon as a usual step shows that the rate has not changed. */
  private pending = 0;
  private pendingGaps = 0;
  private unusual = 0;

  /** The usual distance of two frames, milliseconds; 0: not known, or the frame rate varies. */
  get usualMs(): number {
    return this.isEven ? this.usual : 0;
  }

  /** @param step milliseconds between two frames by the publisher's clock */
  take(step: number): void {
    if (step <= 0) return;
    if (this.usual === 0) this.usual = step;
    const isUsual = Math.abs(step - this.usual) <= Math.max(ROUNDING_MS, this.usual * TOLERANCE);
    this.steps++;
    this.usualShare += ((isUsual ? 1 : 0) - this.usualShare) / Math.min(MEMORY, this.steps);
    if (isUsual) this.takeUsual(step);
    else this.takeOther(step);
  }

  private takeUsual(step: number): void {
    this.usual += (step - this.usual) / 16;
    this.dropped += this.pending;
    this.gaps += this.pendingGaps;
    this.pending = 0;
    this.pendingGaps = 0;
    this.unusual = 0;
    if (this.steps >= SETTLED_STEPS && this.usualShare >= EVEN_SHARE) this.isEven = true;
  }

  private takeOther(step: number): void {
    this.unusual++;
    if (this.isEven && step >= this.usual * DROP_FACTOR && step <= MAX_GAP_MS) {
      this.pending += Math.round(step / this.usual) - 1;
      this.pendingGaps++;
    }
    const isOver = this.unusual >= NEW_RATE_STEPS || (this.steps >= SETTLED_STEPS && this.usualShare < LEAST_BASELINE_SHARE);
    if (!isOver) return;
    this.usual = step;
    this.steps = 1;
    this.usualShare = 1;
    this.isEven = false;
    this.pending = 0;
    this.pendingGaps = 0;
    this.unusual = 0;
  }
}
