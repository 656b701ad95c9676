/**
 * Determines when a channel of alarms may be told something: its on-call times, and its quiet hours. Times are those of the school, or UTC for the
 * platform.
 */
import type { ChannelHours, WeekHours } from "../../../foundation/store/alarm-tables.ts";

const DAY = 24 * 60;

/** What the channel may be told now: everything, new critical alarms, or nothing. @param now milliseconds since 1970 */
export function mayNotify({ onCall, quiet }: ChannelHours, timeZone: string, now: number): "all" | "critical" | "nothing" {
  const at = localTime(timeZone, now);
  if (onCall.length > 0 && !onCall.some((hours) => isWithin(hours, at))) return "nothing";
  return quiet.some((hours) => isWithin(hours, at)) ? "critical" : "all";
}

type LocalTime = { readonly day: number; readonly minute: number };

function isWithin({ days, from, to }: WeekHours, { day, minute }: LocalTime): boolean {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const before = day === 1 ? 7 : day - 1;
  if (end > begin) return days.includes(day) && minute >= begin && minute < end;
  return (days.includes(day) && minute >= begin && minute < DAY) || (days.includes(before) && minute < end);
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * 60 + minutes;
}

const WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function localTime(timeZone: string, now: number): LocalTime {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return { day: WEEK.indexOf(parts["weekday"] ?? "") + 1, minute: minutesOf(`${parts["hour"]}:${parts["minute"]}`) };
}
