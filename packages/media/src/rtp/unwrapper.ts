/** Implements numbers that wrap, as numbers that do not: sequence numbers (16 bits) and timestamps (32 bits) of RTP, RFC 3550 appendix A.1. */

/** Takes each number as the one nearest to the number before it. */
export class Unwrapper {
  private readonly range: number;
  private last: number | null = null;

  /** @param bits of the field: 16 or 32 */
  constructor(bits: 16 | 24 | 32) {
    this.range = 2 ** bits;
  }

  /** The number without its wraps. The first one is as it came; an earlier one may be negative. */
  unwrap(value: number): number {
    if (this.last === null) {
      this.last = value;
      return value;
    }
    const half = this.range / 2;
    const seen = ((this.last % this.range) + this.range) % this.range;
    let step = (value - seen) % this.range;
    if (step >= half) step -= this.range;
    if (step < -half) step += this.range;
    this.last += step;
    return this.last;
  }
}
