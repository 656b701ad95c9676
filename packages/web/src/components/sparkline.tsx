/** A sparkline of the last 60 samples. Its scale follows the largest of them. */

const SAMPLES = 60;
const WIDTH = 240;
const HEIGHT = 48;
const MARGIN = 4;

export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const max = Math.max(1, ...values) * 1.1;
  const height = HEIGHT - 2 * MARGIN;
  const points = values.map((value, i) => `${(i / (SAMPLES - 1)) * WIDTH},${HEIGHT - MARGIN - (value / max) * height}`).join(" ");
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      <polyline points={points} fill="none" stroke="currentColor" strokeWidth="2" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
