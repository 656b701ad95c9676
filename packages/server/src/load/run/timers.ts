/** Keeps all timers of a test, on its own time: they end with it. */
export class Timers {
  private readonly begun: number;
  private readonly running = new Set<NodeJS.Timeout>();
  private isClosed = false;

  /** @param begun of the test, as `performance.now()` */
  constructor(begun: number) {
    this.begun = begun;
  }

  /** Milliseconds since the beginning of the test. */
  get now(): number {
    return performance.now() - this.begun;
  }

  /** @param milliseconds since the beginning. @returns a function that cancels the call */
  at(milliseconds: number, call: () => void): () => void {
    return this.after(milliseconds - this.now, call);
  }

  after(milliseconds: number, call: () => void): () => void {
    if (this.isClosed) return () => {};
    const timer = setTimeout(
      () => {
        this.running.delete(timer);
        call();
      },
      Math.max(0, milliseconds),
    );
    this.running.add(timer);
    return () => {
      this.running.delete(timer);
      clearTimeout(timer);
    };
  }

  close(): void {
    this.isClosed = true;
    for (const timer of this.running) clearTimeout(timer);
    this.running.clear();
  }
}
