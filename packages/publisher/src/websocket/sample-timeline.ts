/**
 * Gives times to packets of sound, which encoders count by samples: a gap in the input, or a sound card whose second is a little longer, would move the
 * sound away from the picture.
 */

/** Beyond it is a gap, not a clock. */
const GAP_MS = 80;
/** Milliseconds per second by which a clock is followed. */
const SLEW = 0.01;

export class SampleTimeline {
  /** Time of the first sample, if all came at the same pace. */
  private start: number | null = null;
  private taken = 0;
  private given = 0;
  private last = Number.NEGATIVE_INFINITY;

  /** Samples go to the encoder. @param time of the first of them, milliseconds @param durationMs of them */
  take(time: number, durationMs: number): void {
    const start = time - this.taken;
    const error = start - (this.start ?? start);
    const isGap = this.start === null || Math.abs(error) > GAP_MS;
    const most = SLEW * durationMs;
    this.start = isGap ? start : (this.start ?? start) + Math.max(-most, Math.min(most, error));
    this.taken += durationMs;
  }

  /** A packet comes from the encoder. Its time, milliseconds: later than that of the packet before. */
  give(durationMs: number): number {
    const time = Math.max((this.start ?? 0) + this.given, this.last + 1);
    this.given += durationMs;
    this.last = time;
    return time;
  }
}
