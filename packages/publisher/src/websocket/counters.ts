/** Provides rates of what is sent, over the last seconds. */

const WINDOW_MS = 2000;

export class RateMeter {
  private counted: { readonly at: number; readonly amount: number }[] = [];

  /** @param now milliseconds */
  count(amount: number, now: number): void {
    this.counted.push({ at: now, amount });
    this.forget(now);
  }

  /** Per second. */
  rate(now: number): number {
    this.forget(now);
    return (this.counted.reduce((sum, { amount }) => sum + amount, 0) * 1000) / WINDOW_MS;
  }

  private forget(now: number): void {
    while (this.counted[0] && now - this.counted[0].at > WINDOW_MS) this.counted.shift();
  }
}
