/** So many at once and no more; whoever comes later waits, in order. */
export class Turns {
  private readonly queue: (() => void)[] = [];
  private free: number;

  constructor(atOnce: number) {
    this.free = atOnce;
  }

  /** How many wait. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Works when it is its turn, and hands that on, however the work ends. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free++;
    }
  }
}
