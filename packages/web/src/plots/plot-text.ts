/** Writes what a plot says in words: its newest values, or those of one moment, with their unit. */

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

/** One for each line, with its label where there are several. */
export function plotKeys({ lines, unit, locale, none, at = null }: Described): readonly string[] {
  return lines.map(({ label, values }) => {
    const value = at === null ? (values.findLast((one) => one !== null) ?? null) : (values[at] ?? null);
    const text = value === null ? none : formatValue(value, unit, locale);
    return lines.length === 1 ? text : `${label} ${text}`;
  });
}

/** What follows the values; empty for shares and counts. */
export function plotSuffix(unit: string): string {
  return unit === "share" || unit === "" ? "" : ` ${unit}`;
}

export function describePlot(described: Described): string {
  return `${plotKeys(described).join(" · ")}${plotSuffix(described.unit)}`;
}
