/** Decides when a publisher is asked for a key frame: after a loss, when somebody joins, and where its own key frames are too far apart. */

/** A publisher needs a round trip and an encoder's frame to answer. */
const REPEAT_MS = 500;
/** A publisher begins with a key frame by itself, whose packets take a moment. */
const FIRST_MS = 300;
/** Asked for so long before segments are due: the key frame has to be made, and to arrive. */
const EARLY_MS = 100;

export class KeyFrameRequests {
  private readonly intervalMs: () => number;
  private keyAt: number | null = null;
  private requestedAt = Number.NEGATIVE_INFINITY;
  private begunAt: number | null = null;
  private wanted = false;

  /** @param intervalMs what segments need: the greatest distance of key frames */
  constructor(intervalMs: () => number) {
    this.intervalMs = intervalMs;
  }

  /** Somebody needs one now. */
  want(): void {
    this.wanted = true;
  }

  /** A key frame has come. */
  came(now: number): void {
    this.keyAt = now;
    this.wanted = false;
  }

  /** Whether to ask now: to be called from the first packet on. @param isLost no picture can be shown before a key frame */
  take(now: number, isLost: boolean): boolean {
    this.begunAt ??= now;
    if (now - this.begunAt < FIRST_MS) return false;
    const isDue = this.keyAt !== null && now - this.keyAt >= this.intervalMs() - EARLY_MS;
    if (!isLost && !this.wanted && !isDue) return false;
    if (now - this.requestedAt < REPEAT_MS) return false;
    this.requestedAt = now;
    return true;
  }
}
