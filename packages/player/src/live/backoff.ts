/** Exponential back-off with jitter: a whole class that lost its connection does not return at the same moment. */

const FIRST_MS = 300;
const MAX_MS = 8000;

export class Backoff {
  private tries = 0;
  private readonly random: () => number;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** Milliseconds to wait before the next try. */
  next(): number {
    const full = Math.min(MAX_MS, FIRST_MS * 2 ** this.tries++);
    return full * (0.5 + this.random() / 2);
  }

  /** Starts over after a success. */
  reset(): void {
    this.tries = 0;
  }
}
