/** Says what was measured around an alarm: its metric's values from ten minutes before it to its end, and the subject's other metrics. */
import type { AlarmCode } from "../../foundation/store/alarm-codes.ts";
import type { MeasuredKind, Seen } from "../../foundation/store/alarm-tables.ts";
import { type Measurements, newestOf } from "./measurements.ts";

const BEFORE_MS = 600_000;
const MAX_VALUES = 120;
const MAX_OTHERS = 20;

export type SeenSubject = Pick<Seen, "kind" | "subject" | "metric" | "threshold">;

/** What was measured until now; null: nothing. */
export function whatIsSeen(from: Measurements, of: SeenSubject, now: number): Seen | null {
  const { kind, subject, metric } = of;
  const values = valuesOf(from, of, now - BEFORE_MS, now);
  const others: Record<string, number> = {};
  for (const other of from.metrics(kind, subject).slice(0, MAX_OTHERS)) {
    const value = other === metric ? null : newestOf(from, kind, subject, other, now);
    if (value !== null) others[other] = value;
  }
  return values.length === 0 && Object.keys(others).length === 0 ? null : { ...of, values: thinned(values), others };
}

/** Adds what was measured since. */
export function seenUntil(from: Measurements, seen: Seen, now: number): Seen {
  const last = seen.values.at(-1)?.[0] ?? now - BEFORE_MS;
  return { ...seen, values: thinned([...seen.values, ...valuesOf(from, seen, last + 1, now)]) };
}

/** What tells something about an alarm that no rule has raised; null: nothing does. */
export function seenSubjectOf(code: AlarmCode, subject: string): SeenSubject | null {
  const of = (kind: MeasuredKind, metric: string) => ({ kind, subject, metric, threshold: null });
  if (code === "node-gone" || code === "clock-skew") return of("node", "egress");
  return subject.includes("/") ? of("stream", "kbps") : null;
}

function valuesOf(from: Measurements, { kind, subject, metric }: SeenSubject, since: number, now: number) {
  return from.window(kind, subject, metric, since, now).map(({ at, value }): readonly [number, number] => [at, value]);
}

/** At most so many, evenly, with the first and the last one. */
function thinned<T>(values: readonly T[]): readonly T[] {
  if (values.length <= MAX_VALUES) return values;
  const step = (values.length - 1) / (MAX_VALUES - 1);
  return Array.from({ length: MAX_VALUES }, (_, i) => values[Math.round(i * step)]).filter((value) => value !== undefined);
}
