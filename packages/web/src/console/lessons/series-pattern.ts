/** Provides the weekly pattern of repeating lessons: from the values of a form, and after one of the lessons was moved. */
import type { LessonSeries } from "@lectern/client";
import { DateTime } from "../../schedule/dates.ts";
import type { Values } from "../list/fields-form.tsx";
import type { TimeWindow } from "../list/week-windows.ts";

/** The value of "Repeats" where a lesson does not. */
export const NEVER = "no";
/** As the timetable draws a lesson without an end. */
const DEFAULT_MINUTES = 45;

/** What a lesson, or a series, would be; null: the form does not say when it starts. */
export function patternOf(values: Values) {
  const { startsAt = "", endsAt = "", repeat = NEVER, repeatDays = "", until = "", skipHolidays = "yes" } = values;
  const start = DateTime.fromISO(startsAt, { zone: "utc" });
  if (!start.isValid) return null;
  const end = DateTime.fromISO(endsAt, { zone: "utc" });
  const isSeries = repeat !== NEVER;
  const startsOn = start.toFormat("yyyy-MM-dd");
  const days = isSeries && repeatDays !== "" ? repeatDays.split(" ").map(Number) : [start.weekday];
  const to = (end.isValid ? end : start.plus({ minutes: DEFAULT_MINUTES })).toFormat("HH:mm");
  return {
    weekly: [{ days, from: start.toFormat("HH:mm"), to }],
    everyWeeks: isSeries ? Number(repeat) : 1,
    startsOn,
    endsOn: isSeries ? until || null : startsOn,
    skipHolidays: skipHolidays !== "no",
  };
}

/** The days that a form's value names; those of its start, where it names none. */
export function repeatDaysOf({ repeatDays = "", startsAt = "" }: Values): readonly number[] {
  if (repeatDays !== "") return repeatDays.split(" ").map(Number);
  const start = DateTime.fromISO(startsAt, { zone: "utc" });
  return start.isValid ? [start.weekday] : [];
}

/**
 * The pattern after one of its lessons was moved: all days that share its time get the new time, and its day becomes the new day.
 * @param from where the lesson was, to: where it is, in the zone of the series
 */
export function movedWeekly(weekly: LessonSeries["weekly"], from: DateTime, to: DateTime): TimeWindow[] {
  const time = from.toFormat("HH:mm");
  const minutes = to.hour * 60 + to.minute - from.hour * 60 - from.minute;
  return weekly.map((window) => {
    if (window.from !== time || !window.days.includes(from.weekday)) return window;
    const others = window.days.filter((day) => day !== from.weekday && day !== to.weekday);
    const days = [...others, to.weekday].toSorted((a, b) => a - b);
    return { days, from: to.toFormat("HH:mm"), to: later(window.to, minutes) };
  });
}

function later(time: string, minutes: number): string {
  const day = 24 * 60;
  const all = (Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) + minutes + day) % day;
  return `${String(Math.floor(all / 60)).padStart(2, "0")}:${String(all % 60).padStart(2, "0")}`;
}
