/** Provides the largest of the values of a recent time, in constant memory. */

export class RecentMaximum {
  private readonly window: number;
  /** The end of the present window; negative infinity while there is none. */
  private end = Number.NEGATIVE_INFINITY;
  private current = 0;
  private previous = 0;

  /** @param window a value counts for at least this long, and for less than twice as long, in the unit of the times given to `add` */
  constructor(window: number) {
    this.window = window;
  }

  /** 0 while there is no value. */
  get value(): number {
    return Math.max(this.current, this.previous);
  }

  /** @param at when, never less than before */
  add(value: number, at: number): void {
    if (at >= this.end) this.turn(at);
    if (value > this.current) this.current = value;
  }

  private turn(at: number): void {
    const isFirst = this.end === Number.NEGATIVE_INFINITY;
    const passed = isFirst ? 0 : Math.floor((at - this.end) / this.window) + 1;
    this.previous = passed > 1 ? 0 : this.current;
    this.current = 0;
    this.end = isFirst ? at + this.window : this.end + passed * this.window;
  }
}
