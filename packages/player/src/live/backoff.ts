/** How long to wait before the next try: longer each time, never the same for a whole class. */

const FIRST_MS = 300;
const LONGEST_MS = 8000;

export class Backoff {
  private tries = 0;
  private readonly random: () => number;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** Milliseconds to wait now. */
  next(): number {
    const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.tries++);
    return full * (0.5 + this.random() / 2);
  }

  /** It works again. */
  reset(): void {
    this.tries = 0;
  }
}
