/**
 * Dates the heads of segments: when each came, without the delays of the line.
 *
 * A publisher that stalls and catches up moves no date: each move is a jump that players see. A clock that runs wrong is followed slowly, by the
 * earliest of many arrivals: after an hour, a clock of 50 ppm would be off by 180 ms, and tracks of several people would be apart by more.
 */
import { Extremes } from "./extremes.ts";

/** Dates follow the media's own clock until the two differ by more than this. */
const MAX_CLOCK_DRIFT_MS = 1000;
/** Media that is late by more than that, for so long, does not catch up. */
const BEHIND_PATIENCE_MS = 10_000;
/** How fast dates follow a clock that runs wrong: more than clocks do, and less than players see. Of the media's time. */
const MAX_SLEW = 200e-6;
/** The line makes frames late, and never early: a clock is measured by the earliest frame of each interval. */
const ARRIVAL_INTERVAL_MS = 10_000;
/** Intervals of which the earliest frame counts. */
const ARRIVAL_INTERVALS = 6;
/** After as many, the usual delay is known. */
const FIRST_INTERVALS = 3;

export class SegmentDates {
  /** What to add to the media's time, milliseconds. */
  private offset: number | null = null;
  /** The same by the first frames of a source, of which some may have waited for others. */
  private firstOffset: number | null = null;
  /** Media time since which media is too late; `null` while it is not. */
  private behindSince: number | null = null;
  private arrivals = new Extremes(ARRIVAL_INTERVAL_MS, ARRIVAL_INTERVALS + 1);
  private anchoredAt = 0;
  /** From the earliest arrivals to the offset; null: not known yet. */
  private lead: number | null = null;
  private last = 0;

  /** @param offset what to add to the time of its first frames for the real time at which they came, milliseconds */
  beginSource(offset: number): void {
    this.firstOffset = offset;
  }

  /** A publisher begins. */
  beginTerm(): void {
    this.offset = this.firstOffset;
    this.firstOffset = null;
    this.behindSince = null;
    this.arrivals = new Extremes(ARRIVAL_INTERVAL_MS, ARRIVAL_INTERVALS + 1);
    this.anchoredAt = Number.NaN;
  }

  /** The date of a head that is written now. @param time of the epoch, never less than before; @param now since 1970; milliseconds */
  at(time: number, now: number): number {
    if (this.offset === null || this.isFarOff(time, time + this.offset - now)) this.anchor(now - time, time);
    else if (Number.isNaN(this.anchoredAt)) this.anchor(this.offset, time);
    else this.follow(time);
    this.arrivals.take(now - time, time);
    this.last = time;
    return Math.round(time + (this.offset ?? 0));
  }

  /** A publisher that sends faster than real time is far off at once: no date may be in the future. */
  private isFarOff(time: number, aheadMs: number): boolean {
    this.behindSince = aheadMs < -MAX_CLOCK_DRIFT_MS ? (this.behindSince ?? time) : null;
    const staysBehind = this.behindSince !== null && time - this.behindSince >= BEHIND_PATIENCE_MS;
    if (staysBehind) this.behindSince = null;
    return staysBehind || aheadMs > MAX_CLOCK_DRIFT_MS;
  }

  private anchor(offset: number, time: number): void {
    this.offset = offset;
    this.anchoredAt = time;
    this.lead = null;
    this.arrivals = new Extremes(ARRIVAL_INTERVAL_MS, ARRIVAL_INTERVALS + 1);
  }

  private follow(time: number): void {
    const { offset, anchoredAt, last } = this;
    if (offset === null || time - anchoredAt < FIRST_INTERVALS * ARRIVAL_INTERVAL_MS) return;
    const earliest = this.arrivals.leastWithin(time, 0, ARRIVAL_INTERVALS);
    if (earliest === null) return;
    this.lead ??= offset - earliest;
    const wrong = earliest + this.lead - offset;
    const most = MAX_SLEW * (time - last);
    this.offset = offset + Math.min(most, Math.max(-most, wrong));
  }
}
