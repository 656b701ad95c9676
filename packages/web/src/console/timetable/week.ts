/** Provides date arithmetic of the timetable: the shown week and hours, and where a moved lesson lands. Times are local to the school's zone. */
import { DateTime } from "../../schedule/dates.ts";

/** Lessons move in steps of this length. */
export const STEP_MINUTES = 15;
/** The hours that are always shown; earlier and later lessons extend them. */
const FIRST_HOUR = 7;
const LAST_HOUR = 22;
/** A lesson without an end is drawn this long. */
const DEFAULT_MINUTES = 45;

/** The shown part of a day, in hours; `last` is exclusive. */
export type Hours = { readonly first: number; readonly last: number };
export type LessonTimes = { readonly startsAt: string | null; readonly endsAt: string | null };
export type Slot = { readonly start: DateTime; readonly end: DateTime };

/**
 * The Monday of the week that a date is in; of the current week for no date or a wrong one.
 * @param date ISO 8601, from the address; @param now for tests
 */
export function mondayOf(date: string | null, zone: string, now: DateTime = DateTime.now()): DateTime {
  const day = DateTime.fromISO(date ?? "", { zone });
  return (day.isValid ? day : now.setZone(zone)).startOf("week");
}

/** The first day of the month that most of that week is in; of the current month for no date or a wrong one. @param now for tests */
export function monthOf(date: string | null, zone: string, now: DateTime = DateTime.now()): DateTime {
  const day = DateTime.fromISO(date ?? "", { zone });
  return (day.isValid ? day.startOf("week").plus({ days: 3 }) : now.setZone(zone)).startOf("month");
}

export function daysOf(monday: DateTime): readonly DateTime[] {
  return Array.from({ length: 7 }, (_, i) => monday.plus({ days: i }));
}

/** Null for a lesson without a time. */
export function slotOf({ startsAt, endsAt }: LessonTimes, zone: string): Slot | null {
  if (startsAt === null) return null;
  const start = DateTime.fromISO(startsAt, { zone });
  return { start, end: endsAt ? DateTime.fromISO(endsAt, { zone }) : start.plus({ minutes: DEFAULT_MINUTES }) };
}

/** The hours that all slots need. A lesson past midnight is shown until midnight. */
export function hoursOf(slots: readonly Slot[]): Hours {
  const lastHours = slots.map(({ start, end }) => (end.hasSame(start, "day") ? end.hour + Math.sign(end.minute) : 24));
  return {
    first: Math.min(FIRST_HOUR, ...slots.map(({ start }) => start.hour)),
    last: Math.max(LAST_HOUR, ...lastHours),
  };
}

/** Position and height of a slot in hours, from the top of its day; at least an hour high. */
export function layoutOf({ start, end }: Slot, { first }: Hours): { readonly top: number; readonly height: number } {
  const top = start.hour + start.minute / 60 - first;
  return { top, height: Math.max(1, end.diff(start).as("hours")) };
}

/**
 * The start of a lesson that is dropped on a day, to the nearest step, by the clock on the wall: on a day of 23 hours too.
 * @param offsetHours from the top of the day
 */
export function dropTime(day: DateTime, { first }: Hours, offsetHours: number): DateTime {
  const minutes = first * 60 + Math.round((offsetHours * 60) / STEP_MINUTES) * STEP_MINUTES;
  const clamped = Math.max(0, Math.min(24 * 60 - STEP_MINUTES, minutes));
  return day.set({ hour: Math.floor(clamped / 60), minute: clamped % 60 });
}

const KEY_STEPS: Readonly<Record<string, { minutes: number } | { days: number }>> = {
  ArrowUp: { minutes: -STEP_MINUTES },
  ArrowDown: { minutes: STEP_MINUTES },
  ArrowLeft: { days: -1 },
  ArrowRight: { days: 1 },
};

/** The start after an arrow key; null for other keys. */
export function keyTime(start: DateTime, key: string): DateTime | null {
  const step = KEY_STEPS[key];
  return step ? start.plus(step) : null;
}

/** The end that keeps the length of a lesson; null for a lesson without an end. */
export function movedEnd({ startsAt, endsAt }: LessonTimes, start: DateTime): DateTime | null {
  if (startsAt === null || endsAt === null) return null;
  return DateTime.fromISO(endsAt).plus(start.diff(DateTime.fromISO(startsAt)));
}

export type Lane = { readonly lane: number; readonly lanes: number };

/** Lessons at the same time stand beside each other: the lane of each, of how many. Short ones take the time that they are drawn with. */
export function lanesOf(slots: readonly Slot[]): readonly Lane[] {
  const boxes = slots.map((slot, index) => ({ index, top: slot.start.toMillis(), bottom: bottomOf(slot) }));
  const found: Lane[] = slots.map(() => ({ lane: 0, lanes: 1 }));
  let group: typeof boxes = [];
  let ends: number[] = [];
  const close = (): void => {
    for (const { index } of group) found[index] = { lane: found[index]?.lane ?? 0, lanes: ends.length };
    group = [];
    ends = [];
  };
  for (const box of boxes.toSorted((a, b) => a.top - b.top || b.bottom - a.bottom)) {
    if (ends.every((end) => end <= box.top)) close();
    const free = ends.findIndex((end) => end <= box.top);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = box.bottom;
    found[box.index] = { lane, lanes: 1 };
    group.push(box);
  }
  close();
  return found;
}

function bottomOf({ start, end }: Slot): number {
  return Math.max(end.toMillis(), start.plus({ hours: 1 }).toMillis());
}

/** How far a moment is from the top of its day, in hours by the clock on the wall; null outside of the shown hours. */
export function offsetOf(now: DateTime, { first, last }: Hours): number | null {
  const hour = now.hour + now.minute / 60;
  return hour >= first && hour <= last ? hour - first : null;
}
