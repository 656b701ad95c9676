/** Limits concurrency: at most so many tasks run at once, and the others wait in the order in which they came. */
export class Semaphore {
  private readonly queue: (() => void)[] = [];
  private free: number;

  /** @param permits tasks that may run at once */
  constructor(permits: number) {
    this.free = permits;
  }

  /** How many tasks wait. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Runs a task when a permit is free, and passes the permit on however the task ends. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free++;
    }
  }
}
