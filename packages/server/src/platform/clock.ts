/** Provides an injectable clock, so that tests control time. */
import { EventLoopDelays } from "./event-loop-delays.ts";

export type Clock = {
  /** Milliseconds since an arbitrary moment; never decreases. */
  readonly monotonic: () => number;
  /** Milliseconds since 1970. */
  readonly utc: () => number;
  /** Calls once after the delay. Returns a function that cancels the call. The timer does not keep the process alive. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  /** The longest time within the last so many milliseconds that this process was held: what came meanwhile seems late. */
  readonly longestHold: (withinMs: number) => number;
};

export type WaitTimes = { readonly totalMs: number; readonly stepMs: number };

/** Looks regularly until something is so. False when it is not so in time. */
export async function waitUntil(clock: Clock, isSo: () => boolean, { totalMs, stepMs }: WaitTimes): Promise<boolean> {
  for (let waited = 0; !isSo(); waited += stepMs) {
    if (waited >= totalMs) return false;
    await new Promise<void>((resolve) => clock.after(stepMs, resolve));
  }
  return true;
}

let correction = 0;

/** Corrects the real time of `systemClock` in this process, because the machine's clock is wrong. @param milliseconds added to it */
export function correctClock(milliseconds: number): void {
  correction = milliseconds;
}

const holds = new EventLoopDelays();

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  utc: () => Date.now() + correction,
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
  longestHold: (withinMs) => holds.longest(withinMs),
};

/** The machine's own clock, right or wrong: for comparing it with others. */
export const machineClock: Clock = { ...systemClock, utc: () => Date.now() };

/** A clock for tests that moves only by `advance`. */
export class ManualClock implements Clock {
  private now: number;
  private pending: { at: number; call: () => void }[] = [];
  private held: { readonly at: number; readonly milliseconds: number }[] = [];

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

  readonly longestHold = (withinMs: number): number =>
    Math.max(0, ...this.held.filter(({ at }) => at >= this.now - withinMs).map(({ milliseconds }) => milliseconds));

  /** Tells that the process was held for so long until now. */
  hold(milliseconds: number): void {
    this.held.push({ at: this.now, milliseconds });
  }

  /** Moves the clock, and runs due calls in their order. */
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
