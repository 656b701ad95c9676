/** The last minute of one figure, as a line; its axis stands still at the greatest that was seen. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const top = Math.max(1, ...values) * 1.1;
  const points = values.map((value, i) => `${(i / 59) * 240},${44 - (value / top) * 40}`).join(" ");
  return (
    <svg className="sparkline" viewBox="0 0 240 48" role="img" aria-label={label} preserveAspectRatio="none">
      <polyline points={points} fill="none" stroke="currentColor" strokeWidth="2" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
