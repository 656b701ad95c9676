/** The largest of the values of a recent time, in constant memory. */

export class RecentMaximum {
  private readonly window: number;
  private start: number | null = null;
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
    this.start ??= at;
    const passed = Math.floor((at - this.start) / this.window);
    if (passed > 0) {
      this.previous = passed > 1 ? 0 : this.current;
      this.current = 0;
      this.start += passed * this.window;
    }
    this.current = Math.max(this.current, value);
  }
}
