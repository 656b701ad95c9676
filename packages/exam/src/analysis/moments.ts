/** Accumulates means, variances and correlations of a stream of numbers in one pass: Welford's recurrences, Technometrics 4 (1962), 419–420. */

export type Moments = { readonly count: number; readonly mean: number; readonly variance: number };

/** Variances are of the population: the candidates are all there are, and no sample of others. */
export class RunningMoments {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    const before = value - this.#mean;
    this.#mean += before / this.#count;
    this.#squares += before * (value - this.#mean);
  }

  read(): Moments {
    return { count: this.#count, mean: this.#mean, variance: this.#count === 0 ? 0 : this.#squares / this.#count };
  }
}

/** Pearson's correlation of pairs. */
export class RunningCorrelation {
  #count = 0;
  #meanX = 0;
  #meanY = 0;
  #squaresX = 0;
  #squaresY = 0;
  #products = 0;

  add(x: number, y: number): void {
    this.#count++;
    const [beforeX, beforeY] = [x - this.#meanX, y - this.#meanY];
    this.#meanX += beforeX / this.#count;
    this.#meanY += beforeY / this.#count;
    this.#squaresX += beforeX * (x - this.#meanX);
    this.#squaresY += beforeY * (y - this.#meanY);
    this.#products += beforeX * (y - this.#meanY);
  }

  /** Null: one of both is always the same. */
  read(): number | null {
    // What is left of rounding is no variance.
    const least = Number.EPSILON * this.#count * 4;
    if (this.#squaresX <= least || this.#squaresY <= least) return null;
    return Math.min(1, Math.max(-1, this.#products / Math.sqrt(this.#squaresX * this.#squaresY)));
  }
}
