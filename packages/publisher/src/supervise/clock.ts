/** Defines time, which tests move by themselves. */

export type Clock = {
  /** Milliseconds since an arbitrary moment; never decreases, and goes on while the machine sleeps or does not. */
  readonly now: () => number;
  /** Calls once after the delay. Returns a function that cancels it. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
};

export const browserClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
