/** Keeps the least and the greatest of values that come over time, for each interval of a bounded past. */

export class Extremes {
  private readonly intervalMs: number;
  private readonly least: Float64Array;
  private readonly greatest: Float64Array;
  /** The number of the newest interval that had a value; its time divided by the interval's length. */
  private newest = Number.NEGATIVE_INFINITY;

  constructor(intervalMs: number, length: number) {
    this.intervalMs = intervalMs;
    this.least = new Float64Array(length).fill(Number.NaN);
    this.greatest = new Float64Array(length).fill(Number.NaN);
  }

  /** @param now milliseconds, never less than before */
  take(value: number, now: number): void {
    const place = this.reach(Math.floor(now / this.intervalMs));
    const least = this.least[place] ?? Number.NaN;
    const greatest = this.greatest[place] ?? Number.NaN;
    if (!(least <= value)) this.least[place] = value;
    if (!(greatest >= value)) this.greatest[place] = value;
  }

  /** Takes back the values of one interval. @param ago how many intervals before that of `now` */
  forget(now: number, ago: number): void {
    const place = this.placeOf(now, ago);
    if (place === null) return;
    this.least[place] = Number.NaN;
    this.greatest[place] = Number.NaN;
  }

  /** The least value of an interval; null: it has none. */
  leastOf(now: number, ago: number): number | null {
    return this.read(this.least, now, ago);
  }

  greatestOf(now: number, ago: number): number | null {
    return this.read(this.greatest, now, ago);
  }

  /** The least value of several intervals, from `from` to `to` intervals before that of `now`, both included; null: they have none. */
  leastWithin(now: number, from: number, to: number): number | null {
    let least = Number.POSITIVE_INFINITY;
    for (let ago = from; ago <= to; ago++) least = Math.min(least, this.leastOf(now, ago) ?? least);
    return Number.isFinite(least) ? least : null;
  }

  /** The greatest value of several intervals, as `leastWithin`. */
  greatestWithin(now: number, from: number, to: number): number | null {
    let greatest = Number.NEGATIVE_INFINITY;
    for (let ago = from; ago <= to; ago++) greatest = Math.max(greatest, this.greatestOf(now, ago) ?? greatest);
    return Number.isFinite(greatest) ? greatest : null;
  }

  private read(values: Float64Array, now: number, ago: number): number | null {
    const place = this.placeOf(now, ago);
    const value = place === null ? Number.NaN : (values[place] ?? Number.NaN);
    return Number.isNaN(value) ? null : value;
  }

  /** Null: the interval is not kept. */
  private placeOf(now: number, ago: number): number | null {
    const interval = Math.floor(now / this.intervalMs) - ago;
    const { length } = this.least;
    return interval > this.newest || interval <= this.newest - length ? null : interval % length;
  }

  /** Makes an interval the newest one. @returns its place */
  private reach(interval: number): number {
    const { length } = this.least;
    const first = Math.max(this.newest + 1, interval - length + 1);
    for (let at = first; at <= interval; at++) {
      this.least[at % length] = Number.NaN;
      this.greatest[at % length] = Number.NaN;
    }
    this.newest = Math.max(this.newest, interval);
    return interval % length;
  }
}
