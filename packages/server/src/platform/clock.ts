/** Time, given to whoever needs it, so that a test can be its master. */
export type Clock = {
  /** Milliseconds since some moment; never goes backward. */
  readonly monotonic: () => number;
  /** Milliseconds since 1970. */
  readonly utc: () => number;
  /** Calls once after so many milliseconds. Gives a function that calls it off; it does not keep the process alive. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
};

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  utc: () => Date.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that moves only when it is told to. For tests. */
export class ManualClock implements Clock {
  private now: number;
  private pending: { at: number; call: () => void }[] = [];

  constructor(start = 1_000_000) {
    this.now = start;
  }

  readonly monotonic = (): number => this.now;
  readonly utc = (): number => this.now + 1_700_000_000_000;

  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    const entry = { at: this.now + milliseconds, call };
    this.pending.push(entry);
    return () => {
      this.pending = this.pending.filter((other) => other !== entry);
    };
  };

  /** Lets time pass, calling what falls due in its order. */
  advance(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (;;) {
      const next = this.pending.filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.pending = this.pending.filter((entry) => entry !== next);
      this.now = Math.max(this.now, next.at);
      next.call();
    }
    this.now = until;
  }
}
