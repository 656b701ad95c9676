/**
 * Decides whether a rule's alarm is open for one subject. The alarm opens when every value of a while is beyond the threshold, and ends when
 * every value of a while is back on the good side of a second threshold: so a value that moves around one of them makes no series of alarms.
 */

import type { AlarmRule } from "../../foundation/store/alarm-tables.ts";
import type { SeriesValue } from "../metrics-history/metrics-history.ts";

export type Condition = Pick<AlarmRule, "comparison" | "threshold" | "clear_threshold" | "for_seconds" | "clear_seconds">;

export type Judged = {
  readonly isOpen: boolean;
  readonly now: number;
  /** A newest value that is older says nothing of now. */
  readonly staleMs: number;
  /** An open alarm without values stays: this process has not measured for long. */
  readonly keepsWithoutValues: boolean;
};

/** Whether the alarm is open from now on. @param values in the order of their time, at least of the longer while and twice `staleMs` */
export function judgeRule(
  rule: Condition,
  values: readonly SeriesValue[],
  { isOpen, now, staleMs, keepsWithoutValues }: Judged,
): boolean {
  const isBad = (value: number) => (rule.comparison === "above" ? value > rule.threshold : value < rule.threshold);
  const isGood = (value: number) => (rule.comparison === "above" ? value <= rule.clear_threshold : value >= rule.clear_threshold);
  const newest = values.at(-1);
  if (!newest || newest.at < now - staleMs) return isOpen && keepsWithoutValues;
  // What lasted until the newest value: of a stream that was there for a moment, nobody knows that it went on so.
  if (!isOpen) return holds(values, newest.at - rule.for_seconds * 1000, staleMs, isBad);
  return !holds(values, newest.at - rule.clear_seconds * 1000, staleMs, isGood);
}

/** Whether all values since a time are so, and the one before it, which was valid at that time. A gap in which nothing was measured shows nothing. */
function holds(values: readonly SeriesValue[], since: number, gapMs: number, isSo: (value: number) => boolean): boolean {
  let later: number | null = null;
  for (const { at, value } of values.toReversed()) {
    if (!isSo(value) || (later !== null && later - at > gapMs)) return false;
    if (at <= since) return true;
    later = at;
  }
  return false;
}
