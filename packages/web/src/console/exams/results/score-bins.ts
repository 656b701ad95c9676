/** Sorts candidates by their share of the points, for a plot: ten spans of ten per cent. */

export type Scored = { readonly points: number | null; readonly pointsOf: number | null };

const BINS = 10;

export type ScoreFigures = {
  readonly candidates: number;
  readonly mean: number;
  readonly median: number;
  readonly highest: number;
  readonly lowest: number;
  /** From the lowest; the last has those with all points. */
  readonly bins: readonly number[];
};

/** Null: nobody is graded. */
export function scoreFigures(attempts: readonly Scored[]): ScoreFigures | null {
  const graded = attempts.flatMap(({ points, pointsOf }) =>
    points === null || !pointsOf ? [] : [{ points, share: points / pointsOf }],
  );
  if (graded.length === 0) return null;
  const points = graded.map((one) => one.points).sort((a, b) => a - b);
  const bins = Array.from({ length: BINS }, () => 0);
  for (const { share } of graded) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(share * BINS + 1e-9)));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const middle = (points.length - 1) / 2;
  return {
    candidates: points.length,
    mean: points.reduce((sum, one) => sum + one, 0) / points.length,
    median: ((points[Math.floor(middle)] ?? 0) + (points[Math.ceil(middle)] ?? 0)) / 2,
    lowest: points[0] ?? 0,
    highest: points.at(-1) ?? 0,
    bins,
  };
}
