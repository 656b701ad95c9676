/**
 * Says when the lessons of a series are: a weekly pattern by the clock on the wall, so that a lesson at nine stays at nine when the clocks change.
 * An occurrence is named by its day (`2026-12-24`), the second one of a day has a number too (`2026-12-24/2`): the name of a day's
 * only lesson stays when the time changes.
 */
import { DateTime } from "luxon";
import type { LessonSeries, WeeklyTime } from "../../foundation/store/lesson-series-tables.ts";

export type Pattern = Pick<
  LessonSeries,
  "time_zone" | "weekly" | "every_weeks" | "starts_on" | "ends_on" | "lesson_count" | "skip_holidays"
>;

/** Days without lessons, both included. */
export type Holiday = { readonly starts_on: string; readonly ends_on: string };

/** @param isHoliday it is no lesson, and is not counted */
export type Occurrence = { readonly name: string; readonly date: string; readonly time: WeeklyTime; readonly isHoliday: boolean };

/**
 * The occurrences of a pattern in their order, until a day. Holidays do not count: a series of thirty lessons has thirty, and ends later.
 * @param holidays none where the pattern does not skip them
 */
export function* occurrencesOf(pattern: Pattern, holidays: readonly Holiday[], until: string): Generator<Occurrence> {
  const first = dayOf(pattern.starts_on);
  const last = pattern.ends_on !== null && pattern.ends_on < until ? pattern.ends_on : until;
  let left = pattern.lesson_count ?? Number.POSITIVE_INFINITY;
  for (let monday = first.startOf("week"); isoOf(monday) <= last; monday = monday.plus({ weeks: pattern.every_weeks })) {
    for (const occurrence of occurrencesOfWeek(pattern, monday)) {
      const { date } = occurrence;
      if (date < pattern.starts_on) continue;
      if (date > last) return;
      const isHoliday = holidays.some(({ starts_on, ends_on }) => starts_on <= date && date <= ends_on);
      if (!isHoliday && left-- <= 0) return;
      yield { ...occurrence, isHoliday };
    }
  }
}

/**
 * Where a lesson goes when the pattern of its series changes: to the same time or place of the same day, else one after the other within the week.
 * Null: the pattern has no place for it any more.
 */
export function renamer(before: Pattern, after: Pattern): (name: string) => string | null {
  const weeks = new Map<string, ReadonlyMap<string, string>>();
  return (name) => {
    const monday = dayOf(dayIn(name)).startOf("week");
    const key = isoOf(monday);
    const renamed = weeks.get(key) ?? renamedIn(before, after, monday);
    weeks.set(key, renamed);
    return renamed.get(name) ?? null;
  };
}

/** The beginning and the end of an occurrence. A time that the clocks skip is as much later as they are put forward. */
export function momentsOf({ time_zone: zone }: Pick<Pattern, "time_zone">, { date, time: { from, to } }: Occurrence) {
  const start = DateTime.fromISO(`${date}T${from}`, { zone });
  const day = to <= from ? isoOf(dayOf(date).plus({ days: 1 })) : date;
  const end = DateTime.fromISO(`${day}T${to}`, { zone });
  return { startsAt: start.toJSDate(), endsAt: (end > start ? end : start.plus({ minutes: minutesOf(from, to) })).toJSDate() };
}

/** The occurrence of this name; null where the pattern has none, whether or not its day is one of the series. */
export function occurrenceNamed(pattern: Pattern, name: string): Occurrence | null {
  const monday = dayOf(dayIn(name)).startOf("week");
  const found = occurrencesOfWeek(pattern, monday).find((occurrence) => occurrence.name === name);
  return found ? { ...found, isHoliday: false } : null;
}

/** The day in the name of an occurrence. */
export function dayIn(name: string): string {
  return name.slice(0, "YYYY-MM-DD".length);
}

/** The day before a day. */
export function dayBefore(date: string): string {
  return isoOf(dayOf(date).minus({ days: 1 }));
}

export function laterDay(date: string, weeks: number): string {
  return isoOf(dayOf(date).plus({ weeks }));
}

/** The day that it is in a zone. @param now milliseconds since 1970 */
export function localDay(zone: string, now: number): string {
  return isoOf(DateTime.fromMillis(now, { zone }));
}

type NamedTime = Omit<Occurrence, "isHoliday">;

function occurrencesOfWeek({ weekly }: Pick<Pattern, "weekly">, monday: DateTime): NamedTime[] {
  return [0, 1, 2, 3, 4, 5, 6].flatMap((offset) => {
    const date = isoOf(monday.plus({ days: offset }));
    const times = weekly.filter(({ days }) => days.includes(offset + 1)).toSorted((a, b) => (a.from < b.from ? -1 : 1));
    return times.map((time, i) => ({ name: i === 0 ? date : `${date}/${i + 1}`, date, time }));
  });
}

/** A lesson of a day goes to the one of that day that begins at its time, else to the one of its name, else to the first that is left. */
function renamedIn(before: Pattern, after: Pattern, monday: DateTime): ReadonlyMap<string, string> {
  const isMet = weeksBetween(after.starts_on, monday) % after.every_weeks === 0;
  const olds = occurrencesOfWeek(before, monday);
  const news = isMet ? occurrencesOfWeek(after, monday) : [];
  const renamed = new Map<string, string>();
  const pair = (matches: (old: NamedTime, next: NamedTime) => boolean) => {
    for (const old of olds.filter(({ name }) => !renamed.has(name))) {
      const next = news.find((one) => matches(old, one));
      if (!next) continue;
      renamed.set(old.name, next.name);
      news.splice(news.indexOf(next), 1);
    }
  };
  pair((old, next) => old.date === next.date && old.time.from === next.time.from);
  pair((old, next) => old.name === next.name);
  pair(() => true);
  return renamed;
}

function weeksBetween(startsOn: string, monday: DateTime): number {
  return Math.abs(Math.round(monday.diff(dayOf(startsOn).startOf("week"), "weeks").weeks));
}

function minutesOf(from: string, to: string): number {
  const [begin = 0, end = 0] = [from, to].map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  return (end - begin + 24 * 60) % (24 * 60) || 24 * 60;
}

/** Days have no zone: those of UTC are all 24 hours long. */
function dayOf(date: string): DateTime {
  return DateTime.fromISO(date, { zone: "utc" });
}

function isoOf(day: DateTime): string {
  return day.toFormat("yyyy-MM-dd");
}
