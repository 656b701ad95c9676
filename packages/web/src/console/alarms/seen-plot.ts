/** Makes a plot of what was measured around an alarm: the values, the threshold as a line, and the span of the alarm. */
import type { PlotBand } from "../../plots/time-plot.tsx";

type Seen = {
  /** Time in ISO 8601, and value. */
  readonly values: readonly (readonly (string | number)[])[];
  readonly threshold: number | null;
};

type SeenPlot = {
  /** Unix seconds. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** Null: no rule raised the alarm. */
  readonly threshold: readonly number[] | null;
  readonly band: PlotBand;
};

/** @param clearedAt null: the alarm is open, until the last value */
export function seenPlot(seen: Seen, raisedAt: string, clearedAt: string | null): SeenPlot {
  const points = seen.values.map(([at, value]): readonly [number, number] => [Date.parse(String(at)) / 1000, Number(value)]);
  const from = Date.parse(raisedAt) / 1000;
  const last = points.at(-1)?.[0] ?? from;
  const { threshold } = seen;
  return {
    times: points.map(([at]) => at),
    values: points.map(([, value]) => value),
    threshold: threshold === null ? null : points.map(() => threshold),
    band: { from, to: clearedAt === null ? Math.max(last, from) : Date.parse(clearedAt) / 1000 },
  };
}
