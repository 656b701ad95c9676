/**
 * Judges one figure of two versions by the ratios of its rounds. Both versions run one right after the other, so that what else the machine does is in
 * both, and the ratio of a round says more than the figures. A verdict needs all rounds to agree: where they contradict each other, there is none.
 */
import type { FigureKind, Judgement, Pair, Verdict } from "./comparison.ts";

type Limits = {
  /** A median that differs by less is no change, even if all rounds agree. */
  readonly change: number;
  /** No round may be worse by more, or it cannot be said that the version is not worse. */
  readonly tolerance: number;
  /** Differences below this, in the unit of the figure, are those of the clock and of the sampling. */
  readonly slack: number;
};

/** CPU time varies with what others leave in the caches, delays with whom the scheduler lets run first; memory hardly varies. */
const LIMITS: Readonly<Record<FigureKind, Limits>> = {
  cpu: { change: 0.05, tolerance: 0.1, slack: 0.002 },
  memory: { change: 0.03, tolerance: 0.06, slack: 2 },
  delay: { change: 0.1, tolerance: 0.2, slack: 2 },
  rate: { change: 0.05, tolerance: 0.1, slack: 0 },
};

/** One round cannot contradict itself, so it proves nothing. Two agree by chance every second time. */
const FEWEST_ROUNDS = { any: 2, byRatiosAlone: 3 } as const;
/** A server that waits for a processor sends less, late and in larger pieces: neither its CPU nor its delays are those of a version. Its memory is. */
const MOST_OTHERS_PERCENT = 50;

/** @param pairs of each round in which both versions showed the figure, at least one */
export function judge(kind: FigureKind, pairs: readonly Pair[]): Judgement {
  const ratios = pairs.map(({ a, b }) => ratioOf(a, b));
  const valid = pairs.filter(({ othersPercent }) => kind === "memory" || othersPercent <= MOST_OTHERS_PERCENT);
  return {
    verdict: verdictOf(kind, kind === "rate" ? valid.map(({ a, b, ...rest }) => ({ a: b, b: a, ...rest })) : valid),
    ratio: middle(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
  };
}

/** @param pairs of which B is worse where it is higher */
function verdictOf(kind: FigureKind, pairs: readonly Pair[]): Verdict {
  if (pairs.length < FEWEST_ROUNDS.any) return "cannot be told";
  const { change, tolerance, slack } = LIMITS[kind];
  if (pairs.every(({ a, b }) => Math.abs(b - a) <= slack)) return "not worse";
  const costs = pairs.map(({ a, b }) => ratioOf(a, b));
  const ratio = middle(costs);
  const agree = pairs.length >= FEWEST_ROUNDS.byRatiosAlone || isApart(pairs);
  if (agree && Math.max(...costs) < 1 && ratio <= 1 - change) return "better";
  if (agree && Math.min(...costs) > 1 && ratio >= 1 + change) return "worse";
  return Math.max(...costs) <= 1 + tolerance ? "not worse" : "cannot be told";
}

/** Whether each run of one version is beyond each run of the other. */
function isApart(pairs: readonly Pair[]): boolean {
  const [a, b] = [pairs.map((pair) => pair.a), pairs.map((pair) => pair.b)];
  return Math.max(...a) < Math.min(...b) || Math.max(...b) < Math.min(...a);
}

/** Of an even number of rounds, the mean of the two in the middle. */
export function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return half.reduce((sum, value) => sum + value, 0) / half.length;
}

function ratioOf(a: number, b: number): number {
  return a === b ? 1 : b / a;
}
