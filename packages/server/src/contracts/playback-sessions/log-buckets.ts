/**
 * Provides histograms with fixed buckets whose bounds grow by a quarter of an octave: two histograms merge by adding them up. A value is off by 9 %
 * at most.
 */

/** Bucket 0 is for what is below 1; the last one for what is above 2^20 (of milliseconds: 17 minutes). */
export const BUCKETS = 82;
const PER_OCTAVE = 4;

/** Counts by bucket, as they are stored: only those that are not 0. */
export type Buckets = { readonly [bucket: number]: number };

/** @param value of any unit, at least 0 */
export function bucketOf(value: number): number {
  return value < 1 ? 0 : Math.min(BUCKETS - 1, 1 + Math.floor(Math.log2(value) * PER_OCTAVE));
}

export function mergeBuckets(a: Buckets, b: Buckets): Buckets {
  const merged: Record<number, number> = { ...a };
  for (const [bucket, count] of Object.entries(b)) merged[Number(bucket)] = (merged[Number(bucket)] ?? 0) + count;
  return merged;
}

/** The value below which so large a share of all lies, at the middle of its bucket; null: there are none. @param share 0 to 1 */
export function quantile(buckets: Buckets, share: number): number | null {
  const sorted = Object.entries(buckets).sort(([a], [b]) => Number(a) - Number(b));
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [bucket, count] of sorted) {
    seen += count;
    if (seen >= share * total) return Number(bucket) === 0 ? 0.5 : 2 ** ((Number(bucket) - 0.5) / PER_OCTAVE);
  }
  return null;
}
