/** Makes one value of several of a metric, for a longer interval. */

/** The worst counts: a mean would hide that something stood still for a moment. */
const HIGHEST = new Set(["hold_ms", "media_hold_ms", "age_ms", "state", "complaints", "stolen"]);
/** Numbers that name something: the most frequent one counts. */
const NAMES = new Set(["verdict"]);

/** @param values at least one */
export function rollUpValues(metric: string, values: readonly number[]): number {
  if (HIGHEST.has(metric)) return Math.max(...values);
  if (NAMES.has(metric)) return mostFrequent(values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Four digits are more than a plot shows. */
export function shortened(value: number): number {
  return Number(value.toPrecision(4));
}

/** Of two that are as frequent, the higher one. */
function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] || (each[1] === best[1] && each[0] > best[0]) ? each : best))[0];
}
