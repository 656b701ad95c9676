/**
 * Provides the timer of a class: one at a time, which counts down from a length, or up as a stopwatch. An entry says what was counted by when, so that everybody
 * sees the same at a time of the server's clock, also who comes late and who watches the recording.
 */
import { integer, NUMBER, nullable, optional } from "./fields.ts";
import { kind } from "./kind.ts";
import { numberOf, type WireEntry } from "./wire.ts";

const MIN_TIMER_SECONDS = 5;
/** Six hours. */
export const MAX_TIMER_SECONDS = 6 * 3600;
const MAX_ADDED_SECONDS = 3600;

export const TIMER = /* @__PURE__ */ kind(() => ({
  kind: "timer",
  sends: {
    actions: {
      /** In place of one that runs. Without `seconds`: a stopwatch. */
      start: { seconds: optional(integer(MIN_TIMER_SECONDS, MAX_TIMER_SECONDS)) },
      pause: {},
      resume: {},
      /** To what is left; where nothing is left, from now on. */
      add: { seconds: integer(1, MAX_ADDED_SECONDS) },
      end: {},
    },
  },
  entries: [
    {
      key: "timer",
      fields: {
        /** From which it counts down, in milliseconds; null: a stopwatch. */
        length: nullable(NUMBER),
        /** What it had counted by `since`, in milliseconds. */
        elapsed: NUMBER,
        /** From when on it counts, milliseconds since 1970; null: it is paused. */
        since: nullable(NUMBER),
      },
      gone: {},
    },
  ],
}));

export type Timer = { readonly length: number | null; readonly elapsed: number; readonly since: number | null };

/** @param entry of the key `timer` */
export function timerOf(entry: WireEntry | null): Timer | null {
  const elapsed = entry === null ? null : numberOf(entry.body, "elapsed");
  if (entry === null || elapsed === null) return null;
  return { length: numberOf(entry.body, "length"), elapsed, since: numberOf(entry.body, "since") };
}

/** What a timer has counted at a time, in milliseconds. @param now milliseconds since 1970 */
export function countedAt({ elapsed, since }: Timer, now: number): number {
  return elapsed + (since === null ? 0 : Math.max(0, now - since));
}

/** What is left of a timer, in milliseconds: below 0 since it is over. Null: a stopwatch. @param now milliseconds since 1970 */
export function leftAt(timer: Timer, now: number): number | null {
  return timer.length === null ? null : timer.length - countedAt(timer, now);
}
