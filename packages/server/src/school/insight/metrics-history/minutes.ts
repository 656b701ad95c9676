/** Makes minutes of the values of ten seconds that are in memory. */
import type { MeasuredKind } from "../../foundation/store/alarm-tables.ts";
import type { Series } from "./metrics-history.ts";
import { rollUpValues } from "./roll-up-values.ts";

const MINUTE_MS = 60_000;

/** @param fromMs the start of a minute @param toMs the start of the first one that does not count */
export function minutesOf(
  series: Pick<Series, "window">,
  { kind, subject, metric }: { readonly kind: MeasuredKind; readonly subject: string; readonly metric: string },
  fromMs: number,
  toMs: number,
): ReadonlyMap<number, number> {
  const groups = new Map<number, number[]>();
  for (const { at, value } of series.window(kind, subject, metric, fromMs, toMs - 1)) {
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const group = groups.get(minute);
    if (group) group.push(value);
    else groups.set(minute, [value]);
  }
  return new Map([...groups].map(([minute, values]) => [minute, rollUpValues(metric, values)]));
}
