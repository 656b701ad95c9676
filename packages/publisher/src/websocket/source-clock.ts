/**
 * Brings the times of a source to the publisher's clock. Browsers count the frames of a camera and those of a microphone from different moments; what
 * they have in common is when they arrive. The frame with the least delay tells the difference; others came late.
 */

/** A minimum is of this window and the one before. */
const WINDOW_MS = 5000;
/** In the beginning devices are slow, and the difference may be corrected at once. */
const SETTLE_MS = 2000;
/** Later by so much with each frame, so that nobody notices; earlier by a share of the difference: frames had been late for a while. */
const STEP_MS = 0.5;
const EARLIER_SHARE = 0.05;
/** The source counts from another moment. */
const JUMP_MS = 500;

export class SourceClock {
  private offset: number | null = null;
  private begunAt = 0;
  private windowAt = 0;
  private least = Number.POSITIVE_INFINITY;
  private leastBefore = Number.POSITIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;

  /**
   * The time of a frame, milliseconds of the publisher's clock: never earlier than that of the frame before.
   * @param timestamp microseconds of the source
   * @param now milliseconds of the publisher's clock
   */
  at(timestamp: number, now: number): number {
    const difference = now - timestamp / 1000;
    if (this.offset === null || Math.abs(difference - this.offset) > JUMP_MS + this.tolerated(difference))
      this.begin(difference, now);
    this.follow(difference, now);
    const time = timestamp / 1000 + (this.offset ?? difference);
    this.last = Math.max(this.last, time);
    return this.last;
  }

  private begin(difference: number, now: number): void {
    this.offset = difference;
    this.begunAt = now;
    this.windowAt = now;
    this.least = difference;
    this.leastBefore = difference;
  }

  /** A frame may be as late as a busy machine makes it; one that is too early is from another clock. */
  private tolerated(difference: number): number {
    return difference > (this.offset ?? difference) ? 4 * JUMP_MS : 0;
  }

  private follow(difference: number, now: number): void {
    if (now - this.windowAt > WINDOW_MS) {
      this.windowAt = now;
      this.leastBefore = this.least;
      this.least = difference;
    }
    this.least = Math.min(this.least, difference);
    const wanted = Math.min(this.least, this.leastBefore);
    const offset = this.offset ?? wanted;
    const step = wanted - offset;
    const isSettling = now - this.begunAt < SETTLE_MS && step < 0;
    const most = step < 0 ? Math.max(STEP_MS, -step * EARLIER_SHARE) : STEP_MS;
    this.offset = offset + (isSettling ? step : Math.max(-most, Math.min(most, step)));
  }
}
