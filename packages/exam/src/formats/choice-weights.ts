/**
 * Converts between the weights that Moodle gives options (percent of the points) and the scoring of a paper: with `part` each right option has its share and each wrong one
 * takes as much away; with `all` a wrong one takes everything.
 */
import type { Scoring, Solution } from "../question.ts";

export type Weighted = { readonly id: string; readonly weight: number };
type MultipleSolution = Solution & { readonly kind: "multiple" };

/** Moodle rounds to 5 decimals; other programs to whole percents. */
const ROUNDING = 0.7;

/** Null: no option is right. */
export function solutionOfWeights(
  options: readonly Weighted[],
): { readonly solution: MultipleSolution; readonly isExact: boolean } | null {
  const right = options.filter(({ weight }) => weight > 0);
  const wrong = options.filter(({ weight }) => weight <= 0);
  if (right.length === 0) return null;
  const share = 100 / right.length;
  const isWhole = right.length > 1 && wrong.length > 0 && wrong.every(({ weight }) => weight <= -100 + ROUNDING);
  const taken = isWhole ? 100 : share;
  const isExact =
    right.every(({ weight }) => Math.abs(weight - share) < ROUNDING) &&
    wrong.every(({ weight }) => Math.abs(weight + taken) < ROUNDING);
  const scoring: Scoring = isWhole ? "all" : "part";
  return { solution: { kind: "multiple", right: right.map(({ id }) => id), scoring }, isExact };
}

export function weightsOf({ right, scoring }: MultipleSolution, ids: readonly string[]): readonly number[] {
  const share = Math.round(1e7 / right.length) / 1e5;
  return ids.map((id) => (right.includes(id) ? share : scoring === "all" ? -100 : -share));
}
