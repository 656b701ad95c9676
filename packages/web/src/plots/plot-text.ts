/** What a plot says in words: its newest values, or those of one moment, with their unit. */

type Described = {
  readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  readonly unit: string;
  readonly locale: string;
  /** What is said where there is no value. */
  readonly none: string;
  /** The place of the moment in `values`; null: the newest. */
  readonly at?: number | null;
};

/** @param unit `share`: 0 to 1, shown as per cent */
export function formatValue(value: number, unit: string, locale: string): string {
  const digits = { maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0 };
  if (unit === "share")
    return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: value < 0.1 ? 1 : 0 }).format(value);
  return new Intl.NumberFormat(locale, digits).format(value);
}

export function describePlot({ lines, unit, locale, none, at = null }: Described): string {
  const parts = lines.map(({ label, values }) => {
    const value = at === null ? (values.findLast((one) => one !== null) ?? null) : (values[at] ?? null);
    const text = value === null ? none : formatValue(value, unit, locale);
    return lines.length === 1 ? text : `${label} ${text}`;
  });
  const suffix = unit === "share" || unit === "" ? "" : ` ${unit}`;
  return `${parts.join(" · ")}${suffix}`;
}
