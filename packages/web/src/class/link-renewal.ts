/** Determines when the signed links of a lesson are renewed. Whatever times the server and the device believe in, renewals never become a storm. */

/** Sooner than this after the one before, no link is renewed. */
const LEAST_MS = 1000;
/** Each renewal that was due at once waits twice as long as the one before it, up to this. */
const MOST_MS = 60_000;
/** A renewal that failed is tried again after this long, and then after twice as long each time. */
const RETRY_MS = 5000;

export class RenewalPace {
  private readonly random: () => number;
  private floorMs = LEAST_MS;
  private retryMs = RETRY_MS;

  /** @param random from 0 to 1 */
  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** After links have come. @param dueMs milliseconds until they should be renewed @returns how long to wait */
  renewIn(dueMs: number): number {
    this.retryMs = RETRY_MS;
    if (dueMs >= LEAST_MS) {
      this.floorMs = LEAST_MS;
      return dueMs;
    }
    const wait = this.floorMs;
    this.floorMs = Math.min(MOST_MS, wait * 2);
    return wait;
  }

  /** After an attempt that failed. @returns how long to wait, spread so that pages that lost a server do not return at the same moment */
  retryIn(): number {
    const wait = this.retryMs * (0.75 + this.random() / 2);
    this.retryMs = Math.min(MOST_MS, this.retryMs * 2);
    return wait;
  }
}
