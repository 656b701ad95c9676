/** Adds up how long the page's thread was held by tasks of over 50 ms (Long Tasks API), where a browser tells. */

export class LongTasks {
  private observer: PerformanceObserver | null = null;
  private total = 0;

  start(): void {
    this.observer?.disconnect();
    this.observer = null;
    if (typeof PerformanceObserver === "undefined" || !PerformanceObserver.supportedEntryTypes?.includes("longtask")) return;
    this.observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.total += duration;
    });
    this.observer.observe({ type: "longtask" });
  }

  stop(): void {
    this.observer?.disconnect();
    this.observer = null;
  }

  /** Milliseconds since the last call. */
  take(): number {
    const total = Math.round(this.total);
    this.total = 0;
    return total;
  }
}
