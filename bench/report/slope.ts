/** Provides the slope of a series by least squares, with its standard error. */

export type Slope = { readonly perUnit: number; readonly error: number };

/**
 * Samples that follow each other closely resemble each other, so their number says too much about the error: the series is cut into blocks, and the
 * line goes through the means of the blocks.
 * @param points time and value, in the order of time
 */
export function slopeOf(points: readonly (readonly [time: number, value: number])[], blocks = 12): Slope {
  const means = blockMeans(points, blocks);
  const n = means.length;
  const meanTime = means.reduce((sum, [time]) => sum + time, 0) / n;
  const meanValue = means.reduce((sum, [, value]) => sum + value, 0) / n;
  const spread = means.reduce((sum, [time]) => sum + (time - meanTime) ** 2, 0);
  const perUnit = means.reduce((sum, [time, value]) => sum + (time - meanTime) * (value - meanValue), 0) / spread;
  const rest = means.reduce((sum, [time, value]) => sum + (value - meanValue - perUnit * (time - meanTime)) ** 2, 0);
  return { perUnit, error: n > 2 ? Math.sqrt(rest / (n - 2) / spread) : Number.NaN };
}

function blockMeans(points: readonly (readonly [number, number])[], blocks: number): (readonly [number, number])[] {
  const count = Math.min(blocks, points.length);
  return Array.from({ length: count }, (_, block) => {
    const some = points.slice(Math.floor((block * points.length) / count), Math.floor(((block + 1) * points.length) / count));
    const mean = (of: (point: readonly [number, number]) => number) =>
      some.reduce((sum, point) => sum + of(point), 0) / some.length;
    return [mean(([time]) => time), mean(([, value]) => value)] as const;
  });
}
