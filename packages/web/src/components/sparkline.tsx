/** Shows a sparkline of samples at even distances; the newest is at the right. Its scale follows the largest of them. */

const WIDTH = 240;
const HEIGHT = 48;
const MARGIN = 4;

/** @param values null where nothing was measured: the line has a gap there */
export function Sparkline({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const max = Math.max(1, ...values.map((value) => value ?? 0)) * 1.1;
  const height = HEIGHT - 2 * MARGIN;
  const pointOf = (value: number, i: number) =>
    `${((i / Math.max(1, values.length - 1)) * WIDTH).toFixed(1)} ${(HEIGHT - MARGIN - (value / max) * height).toFixed(1)}`;
  const path = values
    .map((value, i) => (value === null ? "" : `${(values[i - 1] ?? null) === null ? "M" : "L"}${pointOf(value, i)}`))
    .join("");
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      <path d={path} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
