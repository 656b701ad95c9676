/** Provides times of the week, such as "Mon–Fri 22:00–06:00 on the next day": how forms keep them as text, and how people read them. */
import type { Translate } from "../../texts/use-translation.ts";

/** A time that is in each week: days from 1, Monday, to 7; `HH:MM`. An end at or before the beginning is on the next day. */
export type TimeWindow = { readonly days: readonly number[]; readonly from: string; readonly to: string };

/** What a sentence needs beside the time. */
type Wording = {
  readonly t: Translate;
  /** BCP 47. */
  readonly language: string;
};

export const DAYS = [1, 2, 3, 4, 5, 6, 7];
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 24 * 3600 * 1000;

/** The times of a form's value. */
export function windowsOf(value: string): readonly TimeWindow[] {
  return value === "" ? [] : (JSON.parse(value) as readonly TimeWindow[]);
}

export function windowsText(windows: readonly TimeWindow[]): string {
  return JSON.stringify(windows);
}

export function windowName({ days, from, to }: TimeWindow, { t, language }: Wording): string {
  const names = runsOf(days).map(([first, last]) => {
    const range = [...new Set([first, last])].map((day) => dayName(day, language, "short"));
    return range.join("–");
  });
  const key = to <= from ? "timeWindows.overnight" : "timeWindows.window";
  return t(key, { days: new Intl.ListFormat(language, { type: "unit", style: "short" }).format(names), from, to });
}

/** @param day from 1, Monday, to 7 */
export function dayName(day: number, language: string, weekday: "short" | "long"): string {
  return new Intl.DateTimeFormat(language, { weekday, timeZone: "UTC" }).format(MONDAY + (day - 1) * DAY_MS);
}

/** Days that follow each other, as first and last. */
function runsOf(days: readonly number[]): readonly (readonly [first: number, last: number])[] {
  const runs: [number, number][] = [];
  for (const day of days.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && run[1] === day - 1) run[1] = day;
    else runs.push([day, day]);
  }
  return runs;
}
