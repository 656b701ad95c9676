/** Arranges counts of refusals for a plot: so many columns of equal time, with the most frequent reasons as series. */

/** What is shown, and how much time a column stands for. */
export const SPANS = {
  h1: { columns: 60, stepMs: 60_000 },
  h3: { columns: 60, stepMs: 180_000 },
  d1: { columns: 24, stepMs: 3_600_000 },
  d7: { columns: 28, stepMs: 6 * 3_600_000 },
  d30: { columns: 30, stepMs: 24 * 3_600_000 },
} as const;
export type Span = keyof typeof SPANS;
export const SPAN_NAMES = ["h1", "h3", "d1", "d7", "d30"] as const satisfies readonly Span[];

/** More reasons than this are one series together. */
const MAX_SERIES = 5;
const NICE = [1, 2, 5, 10];
const LEAST_SCALE = 10;

export type RefusalCount = {
  /** ISO 8601: the beginning of the minute or hour. */
  readonly from: string;
  readonly code: string;
  readonly rule: string | null;
  readonly dryRun: boolean;
  readonly count: number;
};

export type RefusalSeries = {
  /** Null: all that are not named. */
  readonly reason: Pick<RefusalCount, "rule" | "code"> | null;
  /** One for each column, the oldest first. */
  readonly counts: readonly number[];
  readonly total: number;
};

/** When the first column begins; the last one is that of now. Milliseconds since 1970. */
export function spanStart(span: Span, now: number): number {
  const { columns, stepMs } = SPANS[span];
  return (Math.floor(now / stepMs) - columns + 1) * stepMs;
}

/** The series of a plot, the largest first. @param start of the first column, milliseconds since 1970 */
export function seriesOf(items: readonly RefusalCount[], span: Span, start: number): readonly RefusalSeries[] {
  const byReason = Map.groupBy(items, ({ rule, code }) => `${rule ?? ""} ${code}`);
  const all = [...byReason.values()]
    .map((counts) => ({ reason: reasonOf(counts), ...columnsOf(counts, span, start) }))
    .filter(({ total }) => total > 0)
    .toSorted((a, b) => b.total - a.total);
  if (all.length <= MAX_SERIES + 1) return all;
  const rest = all.slice(MAX_SERIES);
  const counts = SPANS[span].columns;
  const sums = Array.from({ length: counts }, (_, i) => rest.reduce((sum, one) => sum + (one.counts[i] ?? 0), 0));
  return [...all.slice(0, MAX_SERIES), { reason: null, counts: sums, total: rest.reduce((sum, { total }) => sum + total, 0) }];
}

/** The top of a scale that the highest column fits under; it changes seldom. */
export function scaleTop(series: readonly RefusalSeries[]): number {
  const length = Math.max(0, ...series.map(({ counts }) => counts.length));
  const heights = Array.from({ length }, (_, i) => series.reduce((sum, { counts }) => sum + (counts[i] ?? 0), 0));
  const highest = Math.max(LEAST_SCALE, ...heights);
  const power = 10 ** Math.floor(Math.log10(highest));
  return power * (NICE.find((step) => step * power >= highest) ?? 10);
}

function reasonOf([first]: readonly RefusalCount[]): RefusalSeries["reason"] {
  return first ? { rule: first.rule, code: first.code } : null;
}

function columnsOf(items: readonly RefusalCount[], span: Span, start: number) {
  const { columns, stepMs } = SPANS[span];
  const counts = Array.from({ length: columns }, () => 0);
  for (const { from, count } of items) {
    const column = Math.floor((Date.parse(from) - start) / stepMs);
    if (column >= 0 && column < columns) counts[column] = (counts[column] ?? 0) + count;
  }
  return { counts, total: counts.reduce((sum, count) => sum + count, 0) };
}
