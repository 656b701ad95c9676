/**
 * Keeps the newest values of one series by their interval, in an array that grows as far as a common budget allows.
 *
 * A stream of a short lesson has a dozen series of a few values each, which are kept for as long as those of a stream that goes on. A plain array
 * takes a quarter of a typed one then, which is an object with a buffer besides: 150 bytes a series instead of 600.
 */

/** Values of a new series, in a plain array: a minute. */
const FIRST_SIZE = 6;
/** Values of a series that goes on, in a typed array: ten minutes. */
const NEXT_SIZE = 60;

export class ValueRing {
  private readonly most: number;
  private readonly budget: { left: number };
  private values: number[] | Float32Array<ArrayBuffer>;
  private oldest = 0;
  private newest = -1;

  /** @param most values that are kept @param budget values that all series together may still take */
  constructor(most: number, budget: { left: number }) {
    this.most = most;
    this.budget = budget;
    this.values = new Array<number>(this.draw(Math.min(FIRST_SIZE, most))).fill(Number.NaN);
  }

  /** The interval of the newest value; -1: there is none. */
  get newestTick(): number {
    return this.newest;
  }

  /** @param tick number of the interval */
  set(tick: number, value: number): void {
    if (this.values.length === 0) return;
    if (this.newest < 0) {
      this.oldest = tick;
      this.newest = tick;
    }
    if (tick > this.newest) this.advance(tick);
    else if (tick < this.oldest) {
      // A value that comes late is kept where there is room before the oldest.
      if (this.newest - tick >= this.values.length) return;
      this.oldest = tick;
    }
    this.values[tick % this.values.length] = value;
  }

  /** Intervals that have a value, both ends included. */
  range(from: number, to: number): (readonly [tick: number, value: number])[] {
    const found: (readonly [number, number])[] = [];
    if (this.newest < 0) return found;
    for (let tick = Math.max(from, this.oldest); tick <= Math.min(to, this.newest); tick++) {
      const value = this.values[tick % this.values.length];
      if (value !== undefined && !Number.isNaN(value)) found.push([tick, value]);
    }
    return found;
  }

  /** Gives the room back. */
  free(): void {
    this.budget.left += this.values.length;
    this.values = [];
    this.newest = -1;
  }

  private advance(tick: number): void {
    if (tick - this.oldest >= this.values.length && this.values.length < this.most) this.grow(tick - this.oldest + 1);
    const size = this.values.length;
    const first = Math.max(this.newest + 1, tick - size + 1);
    for (let skipped = first; skipped < tick; skipped++) this.values[skipped % size] = Number.NaN;
    this.newest = tick;
    this.oldest = Math.max(this.oldest, tick - size + 1);
  }

  private grow(least: number): void {
    const { values } = this;
    const wanted = Math.min(this.most, Math.max(least, NEXT_SIZE, values.length * 2));
    const drawn = this.draw(wanted - values.length);
    if (drawn === 0) return;
    const larger = new Float32Array(values.length + drawn).fill(Number.NaN);
    for (let tick = this.oldest; tick <= this.newest; tick++)
      larger[tick % larger.length] = values[tick % values.length] ?? Number.NaN;
    this.values = larger;
  }

  private draw(wanted: number): number {
    const drawn = Math.min(wanted, this.budget.left);
    this.budget.left -= drawn;
    return drawn;
  }
}
