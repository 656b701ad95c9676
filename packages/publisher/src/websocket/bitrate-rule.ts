/**
 * Decides at how many bits the picture is encoded, by what waits: down at once when the server falls behind, up slowly when nothing has waited for a
 * while.
 */

export type LinkFigures = {
  /** How far the server is behind, beyond what the network itself takes, milliseconds. */
  readonly lagMs: number;
  /** What the server reads; null: not known yet. */
  readonly readKbps: number | null;
  /** More waits than may be under way: what the server reads is what the network carries. */
  readonly isFull: boolean;
  /** Pictures were left out since the last time. */
  readonly hasDropped: boolean;
};

export type BitrateLimits = {
  readonly minKbps: number;
  readonly maxKbps: number;
  /** Of the sound, which the picture leaves room for. */
  readonly soundKbps: number;
};

const BEHIND_MS = 350;
const CLEAR_MS = 150;
/** What was changed shows in the next report but one. */
const DOWN_AGAIN_MS = 700;
const CLEAR_FOR_MS = 4000;
const UP_AGAIN_MS = 1000;
const DOWN = 0.75;
const DOWN_AFTER_DROP = 0.6;
/** Of what passes: the rest empties the queue. */
const SHARE_OF_READ = 0.8;
/** The rate is measured over a second, and tells what the network carries when it was full for most of it. */
const FULL_FOR_MS = 700;
const UP = 1.08;
const UP_KBPS = 20;

export class BitrateRule {
  private limits: BitrateLimits;
  private target: number;
  private changedAt = Number.NEGATIVE_INFINITY;
  private behindAt: number;
  private fullSince: number | null = null;

  /** @param now milliseconds */
  constructor(limits: BitrateLimits, now: number) {
    this.limits = limits;
    this.target = limits.maxKbps;
    // What the network carries is not known at first: it does not go up at once when it starts below the most.
    this.behindAt = now;
  }

  /** Kilobits per second of the picture. */
  get targetKbps(): number {
    return this.target;
  }

  /** Another picture is published from now on. */
  limit(limits: BitrateLimits): void {
    this.limits = limits;
    this.target = this.bounded(this.target);
  }

  /** Decides again. @param now milliseconds */
  decide({ lagMs, readKbps, isFull, hasDropped }: LinkFigures, now: number): number {
    this.fullSince = isFull ? (this.fullSince ?? now) : null;
    // A busy machine is late as well, and fewer bits would not help it.
    if (hasDropped || (isFull && lagMs > BEHIND_MS)) this.down(readKbps, hasDropped, now);
    else if (lagMs < CLEAR_MS && now - this.behindAt >= CLEAR_FOR_MS && now - this.changedAt >= UP_AGAIN_MS) {
      this.target = this.bounded(this.target * UP + UP_KBPS);
      this.changedAt = now;
    }
    return this.target;
  }

  private down(readKbps: number | null, hasDropped: boolean, now: number): void {
    this.behindAt = now;
    if (!hasDropped && now - this.changedAt < DOWN_AGAIN_MS) return;
    const lower = this.target * (hasDropped ? DOWN_AFTER_DROP : DOWN);
    const isKnown = readKbps !== null && this.fullSince !== null && now - this.fullSince >= FULL_FOR_MS;
    const carried = isKnown ? readKbps * SHARE_OF_READ - this.limits.soundKbps : lower;
    this.target = this.bounded(Math.min(lower, carried));
    this.changedAt = now;
  }

  private bounded(kbps: number): number {
    return Math.min(this.limits.maxKbps, Math.max(this.limits.minKbps, kbps));
  }
}
