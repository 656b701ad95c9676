/**
 * Measures what a viewer sees: how long the picture moved, how long it stood still where it should have moved, and why. It knows no page:
 * it is told each change, and regularly. All times are milliseconds of one monotonic clock.
 */

export type Phase = "starting" | "playing" | "rebuffering" | "reconnecting" | "paused" | "ended" | "failed";
export type StallCause = "starved" | "decoding" | "seeking" | "reconnecting" | "switching";

export type Seen = {
  readonly phase: Phase;
  readonly isHeard: boolean;
  /** Why the picture stands still, where it does. */
  readonly cause: StallCause;
};

export type Stall = { readonly at: number; readonly ms: number; readonly cause: StallCause };

export type Interval = {
  readonly intervalMs: number;
  readonly watchedMs: number;
  readonly heardMs: number;
  readonly stalls: number;
  readonly stallMs: number;
  /** Those that ended, the latest. */
  readonly ended: readonly Stall[];
};

/** Between two looks that are farther apart, the page was asleep: what the viewer saw then is not known. */
const ASLEEP_MS = 3000;
const MAX_STALLS = 20;

export class ViewMeter {
  private seen: Seen = { phase: "starting", isHeard: false, cause: "starved" };
  private at: number;
  private since: number;
  private watched = 0;
  private heard = 0;
  private stalls = 0;
  private stalled = 0;
  private ended: Stall[] = [];
  private open: { at: number; ms: number; cause: StallCause } | null = null;

  constructor(now: number) {
    this.at = now;
    this.since = now;
  }

  get phase(): Phase {
    return this.seen.phase;
  }

  /** What is the case from now on. */
  look(now: number, seen: Seen): void {
    const passed = now - this.at;
    this.at = now;
    if (passed < ASLEEP_MS) this.count(passed);
    this.seen = seen;
    const stands = isStall(seen.phase);
    if (stands && !this.open) {
      this.open = { at: now, ms: 0, cause: seen.cause };
      this.stalls++;
    } else if (stands && this.open && seen.phase === "reconnecting") this.open.cause = "reconnecting";
    else if (!stands && this.open) this.close();
  }

  /** What has been counted since the last call. */
  take(now: number): Interval {
    this.look(now, this.seen);
    const interval = {
      intervalMs: Math.round(now - this.since),
      watchedMs: Math.round(this.watched),
      heardMs: Math.round(this.heard),
      stalls: this.stalls,
      stallMs: Math.round(this.stalled),
      ended: this.ended,
    };
    this.since = now;
    this.watched = 0;
    this.heard = 0;
    this.stalls = 0;
    this.stalled = 0;
    this.ended = [];
    return interval;
  }

  private count(passed: number): void {
    const { phase, isHeard } = this.seen;
    if (phase === "playing") {
      this.watched += passed;
      if (isHeard) this.heard += passed;
    } else if (isStall(phase)) {
      this.stalled += passed;
      if (this.open) this.open.ms += passed;
    }
  }

  private close(): void {
    if (!this.open) return;
    const { at, ms, cause } = this.open;
    this.open = null;
    this.ended.push({ at, ms: Math.round(ms), cause });
    if (this.ended.length > MAX_STALLS) this.ended.shift();
  }
}

function isStall(phase: Phase): boolean {
  return phase === "rebuffering" || phase === "reconnecting";
}
