/**
 * Compares the clocks of nodes. The cluster's time is the median of all clocks, so a node whose clock is wrong finds out that it is its own,
 * and the others are not led astray by it.
 */

/** A clock that differs by more than this is wrong. More than the delivery of a heartbeat takes. */
export const SKEW_MS = 2000;
/** A heartbeat that is late makes a clock look slow, so the fastest of this many heartbeats counts. */
const SAMPLES = 10;
/** The first few heartbeats of a busy start can all be late. */
const SETTLED_SAMPLES = 5;
/** No load makes a heartbeat so late: it counts at once. */
const CERTAIN_MS = 60_000;

/** The clock of a node: its offset to this node's, milliseconds; whether the node has the role `control`. */
export type NodeClock = { readonly id: string; readonly offsetMs: number; readonly isControl: boolean };

/** The latest differences between another node's clock and this one's. */
export class ClockSamples {
  private latest: number[] = [];

  /** 0 while there are too few, and their difference could come from load. */
  get offsetMs(): number {
    const offset = this.latest.length === 0 ? 0 : Math.max(...this.latest);
    return this.latest.length >= SETTLED_SAMPLES || Math.abs(offset) > CERTAIN_MS ? offset : 0;
  }

  add(offsetMs: number): void {
    this.latest = [...this.latest.slice(1 - SAMPLES), offsetMs];
  }

  /** This node's clock was set forward by so much. */
  shift(milliseconds: number): void {
    this.latest = this.latest.map((offset) => offset - milliseconds);
  }
}

/**
 * The cluster's time minus this node's. Of two clocks in the middle that differ, the one of a node with the role `control` counts, which signs
 * links; else the one of the node whose name comes first, so that all nodes choose the same.
 * @param clocks of all nodes that are up, this one included
 */
export function clusterOffset(clocks: readonly NodeClock[]): number {
  const sorted = [...clocks].sort((a, b) => a.offsetMs - b.offsetMs);
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (!lower || !upper) return 0;
  if (lower.isControl !== upper.isControl) return (lower.isControl ? lower : upper).offsetMs;
  return (lower.id < upper.id ? lower : upper).offsetMs;
}

/** What a process adds to its machine's clock. */
export class ClockCorrection {
  private correction = 0;

  /** The correction for a clock with this error. Small errors are left alone, so that times do not waver. */
  next(errorMs: number): number {
    const isWrong = Math.abs(errorMs) > (this.correction === 0 ? SKEW_MS : SKEW_MS / 2);
    if (!isWrong) this.correction = 0;
    else if (Math.abs(this.correction + errorMs) > SKEW_MS / 2) this.correction = -errorMs;
    return this.correction;
  }
}
