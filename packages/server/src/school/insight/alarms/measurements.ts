/** Defines what rules of alarms are judged by: measured values of the last minutes. */

import type { MeasuredKind } from "../../foundation/store/alarm-tables.ts";
import type { Series } from "../metrics-history/metrics-history.ts";

export type Measurements = Pick<Series, "subjects" | "metrics" | "window">;

/** A newest value that is older says nothing of now. Probes run every few minutes. */
export function staleAfterMs(kind: MeasuredKind): number {
  return kind === "probe" ? 900_000 : 90_000;
}

/** The newest value that is not stale; null: there is none. */
export function newestOf(from: Measurements, kind: MeasuredKind, subject: string, metric: string, now: number): number | null {
  return from.window(kind, subject, metric, now - staleAfterMs(kind), now).at(-1)?.value ?? null;
}
