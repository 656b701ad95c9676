/** Provides work that is done again and again, never twice at the same time. A failure is logged, and the work is tried again at its next turn. */
import type { Logger } from "./log.ts";

export type PeriodicWorkOptions = {
  /** Milliseconds from turn to turn. A turn that comes while the work is not done yet is left out. */
  readonly everyMs: number;
  /** @param now milliseconds since 1970 */
  readonly work: (now: number) => Promise<unknown>;
  readonly log: Logger;
  /** What the log says when the work fails. */
  readonly failure: string;
  /** Whether this process does the work at present; asked at each turn. Default: it does. */
  readonly isWanted?: () => boolean;
};

export class PeriodicWork {
  private readonly options: PeriodicWorkOptions;
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<unknown> | null = null;

  constructor(options: PeriodicWorkOptions) {
    this.options = options;
  }

  /** The first turn comes after one interval. It keeps no process alive. */
  start(): void {
    this.timer ??= setInterval(() => this.wake(), this.options.everyMs).unref();
  }

  /** Waits for the work that is being done. May be called twice. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    await this.working;
  }

  /** Does the work now, unless it is being done, or not wanted. */
  wake(): void {
    const { work, log, failure, isWanted } = this.options;
    if (this.working || isWanted?.() === false) return;
    this.working = work(Date.now())
      .catch((error: unknown) => log.warn({ reason: String(error) }, failure))
      .finally(() => {
        this.working = null;
      });
  }
}
