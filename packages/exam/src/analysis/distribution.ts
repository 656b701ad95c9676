/** Accumulates the points of all candidates: mean, median, spread, bins for a plot, and the rank of any points. */
import { RunningMoments } from "./moments.ts";

/** Of 5 % each. */
const BINS = 20;

export type Distribution = {
  readonly candidates: number;
  readonly mean: number;
  readonly median: number;
  /** The standard deviation of the candidates. */
  readonly deviation: number;
  readonly lowest: number;
  readonly highest: number;
  /** Shares of the reachable points: from, 0 to 1, and how many candidates are from there to the next; the last one has those with all points. */
  readonly bins: readonly { readonly from: number; readonly count: number }[];
  /** Candidates with the same points, the most points first. `ranker` makes ranks of it. */
  readonly totals: readonly PointTotal[];
};
export type PointTotal = { readonly points: number; readonly count: number };
export type Rank = {
  /** 1: nobody has more points. Candidates with the same points have the same rank. */
  readonly rank: number;
  /** Of 100 candidates, so many have fewer points; of those with the same points half are counted. */
  readonly percentile: number;
};

export class RunningDistribution {
  readonly #moments = new RunningMoments();
  readonly #bins = new Uint32Array(BINS);
  /** By hundredths of points: bounded by the points of the paper, not by the candidates. */
  readonly #totals = new Map<number, number>();

  add(points: number, of: number): void {
    this.#moments.add(points);
    const share = of > 0 ? points / of : 0;
    // Rounding must not put 15 of 20 points below three quarters.
    const bin = Math.min(BINS - 1, Math.floor(share * BINS + 1e-9));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    const hundredths = Math.round(points * 100);
    this.#totals.set(hundredths, (this.#totals.get(hundredths) ?? 0) + 1);
  }

  /** Null: there is no candidate. */
  read(): Distribution | null {
    const { count: candidates, mean, variance } = this.#moments.read();
    const totals = [...this.#totals]
      .sort(([one], [other]) => other - one)
      .map(([hundredths, count]) => ({ points: hundredths / 100, count }));
    const [first, last] = [totals[0], totals.at(-1)];
    if (!first || !last) return null;
    return {
      candidates,
      mean,
      median: medianOf(totals, candidates),
      deviation: Math.sqrt(variance),
      lowest: last.points,
      highest: first.points,
      bins: [...this.#bins].map((count, i) => ({ from: i / BINS, count })),
      totals,
    };
  }
}

/** @param totals of a distribution @returns the rank of points that a candidate has */
export function ranker(totals: readonly PointTotal[]): (points: number) => Rank | null {
  const all = totals.reduce((sum, { count }) => sum + count, 0);
  let more = 0;
  const ranks = new Map(
    totals.map(({ points, count }) => {
      const rank = { rank: more + 1, percentile: (100 * (all - more - count / 2)) / all };
      more += count;
      return [Math.round(points * 100), rank];
    }),
  );
  return (points) => ranks.get(Math.round(points * 100)) ?? null;
}

function medianOf(totals: readonly PointTotal[], candidates: number): number {
  const at = (place: number): number => {
    let seen = 0;
    for (const { points, count } of totals) {
      seen += count;
      if (place < seen) return points;
    }
    return totals.at(-1)?.points ?? 0;
  };
  return (at(Math.floor((candidates - 1) / 2)) + at(Math.floor(candidates / 2))) / 2;
}
