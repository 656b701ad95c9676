/** Reads what was measured over a span of time, from memory and from the database, with a step that fits the span. */
import { SAMPLE_MS } from "../../../contracts/monitoring/node-sample.ts";
import type { MeasuredKind } from "../../foundation/store/alarm-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { HOURS, MINUTES, type Resolution } from "./blocks.ts";
import { readBlocks } from "./history-store.ts";
import { type Unit, unitOf } from "./metrics.ts";
import { KEEP_MS, type Series } from "./metrics-history.ts";
import { minutesOf } from "./minutes.ts";
import { rollUpValues, shortened } from "./roll-up-values.ts";

const MAX_VALUES = 1000;
const MINUTE_MS = MINUTES.step * 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longer spans are shown by the hour. */
const MINUTES_SPAN_MS = 2 * DAY_MS;
const MINUTES_KEPT_MS = 30 * DAY_MS;
/** A question about the last two hours is asked a moment later. */
const LENIENCY_MS = 60_000;

export type HistoryQuery = {
  readonly kind: MeasuredKind;
  readonly subject: string;
  /** Null: all. */
  readonly metrics: readonly string[] | null;
  readonly from: number;
  readonly to: number;
};

export type HistoryAnswer = {
  readonly stepSeconds: number;
  /** The time of the first value. */
  readonly from: Date;
  readonly series: { readonly metric: string; readonly unit: Unit; readonly values: (number | null)[] }[];
};

/** Values by their time, in milliseconds. */
type Values = Map<number, number>;

/** @param now milliseconds since 1970 */
export async function readHistory(db: Database, series: Series, query: HistoryQuery, now: number): Promise<HistoryAnswer> {
  const { kind, subject, from, to } = query;
  const base = stepOf(from, to, now);
  const found = new Map<string, Values>();
  if (base === SAMPLE_MS) {
    for (const metric of series.metrics(kind, subject)) found.set(metric, memoryValues(series, query, metric));
  } else if (base === MINUTE_MS) {
    await addBlocks(found, db, query, MINUTES);
    addMinutes(found, series, query);
  } else {
    await addBlocks(found, db, query, HOURS);
    await addRunningHours(found, db, series, query, now);
  }
  const step = base * Math.max(1, Math.ceil((to - from) / base / (MAX_VALUES - 1)));
  const start = Math.floor(from / step) * step;
  const wanted = query.metrics ?? [...found.keys()].sort();
  return {
    stepSeconds: step / 1000,
    from: new Date(start),
    series: wanted.map((metric) => ({
      metric,
      unit: unitOf(metric),
      values: valuesOf(metric, found.get(metric) ?? new Map(), { start, step, to }),
    })),
  };
}

function stepOf(from: number, to: number, now: number): number {
  if (to - from <= KEEP_MS && from >= now - KEEP_MS - LENIENCY_MS) return SAMPLE_MS;
  return to - from <= MINUTES_SPAN_MS && from >= now - MINUTES_KEPT_MS ? MINUTE_MS : HOUR_MS;
}

function memoryValues(series: Series, { kind, subject, from, to }: HistoryQuery, metric: string): Values {
  return new Map(series.window(kind, subject, metric, from, to).map(({ at, value }) => [at, value]));
}

/** Hours that may not be in the database yet, made of their minutes there and in memory. */
async function addRunningHours(
  found: Map<string, Values>,
  db: Database,
  series: Series,
  query: HistoryQuery,
  now: number,
): Promise<void> {
  const from = Math.max(query.from, Math.floor((now - KEEP_MS) / HOUR_MS) * HOUR_MS);
  if (query.to < from) return;
  const minutes = new Map<string, Values>();
  await addBlocks(minutes, db, { ...query, from: Math.floor(from / HOUR_MS) * HOUR_MS }, MINUTES);
  addMinutes(minutes, series, { ...query, from: Math.floor(from / HOUR_MS) * HOUR_MS });
  for (const [metric, values] of minutes) {
    const hours = found.get(metric) ?? new Map<number, number>();
    found.set(metric, hours);
    for (const [hour, group] of Map.groupBy(values, ([at]) => Math.floor(at / HOUR_MS) * HOUR_MS))
      hours.set(
        hour,
        rollUpValues(
          metric,
          Array.from(group, ([, value]) => value),
        ),
      );
  }
}

function addMinutes(found: Map<string, Values>, series: Series, { kind, subject, from, to }: HistoryQuery): void {
  const start = Math.floor(from / MINUTE_MS) * MINUTE_MS;
  for (const metric of series.metrics(kind, subject)) {
    const values = found.get(metric) ?? new Map<number, number>();
    found.set(metric, values);
    for (const [at, value] of minutesOf(series, { kind, subject, metric }, start, to + 1)) values.set(at, value);
  }
}

async function addBlocks(found: Map<string, Values>, db: Database, query: HistoryQuery, resolution: Resolution): Promise<void> {
  const stepMs = resolution.step * 1000;
  for (const { block, figures } of await readBlocks(db, query, resolution, query.from, query.to))
    for (const [metric, kept] of Object.entries(figures)) {
      const values = found.get(metric) ?? new Map<number, number>();
      found.set(metric, values);
      for (const [i, value] of kept.entries()) if (value !== null) values.set(block.getTime() + i * stepMs, value);
    }
}

function valuesOf(
  metric: string,
  values: ReadonlyMap<number, number>,
  { start, step, to }: { readonly start: number; readonly step: number; readonly to: number },
): (number | null)[] {
  const groups: (number[] | undefined)[] = Array.from({ length: Math.floor((to - start) / step) + 1 });
  for (const [at, value] of values) {
    const place = Math.floor((at - start) / step);
    if (place < 0 || place >= groups.length) continue;
    const group = groups[place] ?? [];
    group.push(value);
    groups[place] = group;
  }
  return groups.map((group) => (group ? shortened(rollUpValues(metric, group)) : null));
}
