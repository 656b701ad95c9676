/** Refuses outside of the times that a policy names, and ends what is open then. */
import { Refusal } from "../../platform/refusal.ts";
import type { TimeRule } from "../policies/access-policy.ts";
import { policyRule } from "./policy-rule.ts";
import { ruleText } from "./rule-texts.ts";

const MINUTES_OF_DAY = 24 * 60;
const DAYS = 7;

export const times = policyRule("times", (rule, { now }) =>
  isOpenAt(rule, now) ? null : new Refusal("refused-by-rule", ruleText("time")),
);

/** Whether any window is open. @param now milliseconds since 1970 */
export function isOpenAt({ timeZone, windows }: TimeRule, now: number): boolean {
  const { day, minute } = localTime(timeZone, now);
  return windows.some(({ days, from, to }) => {
    const [begin, end] = [minuteOf(from), minuteOf(to)];
    if (end > begin) return days.includes(day) && minute >= begin && minute < end;
    // It ends on the next day.
    const before = ((day + DAYS - 2) % DAYS) + 1;
    return (days.includes(day) && minute >= begin) || (days.includes(before) && minute < end);
  });
}

type LocalTime = {
  /** From 1, Monday, to 7. */
  readonly day: number;
  /** Of the day. */
  readonly minute: number;
};

/** Formats are costly to make and to use, and there are few zones: each is asked once in a minute. */
const zones = new Map<string, { readonly format: Intl.DateTimeFormat; readonly at: number; readonly time: LocalTime }>();
const MINUTE_MS = 60_000;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function localTime(timeZone: string, now: number): LocalTime {
  const at = Math.floor(now / MINUTE_MS);
  const known = zones.get(timeZone);
  if (known?.at === at) return known.time;
  const options = { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const format = known?.format ?? new Intl.DateTimeFormat("en-US", options);
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const minute = (Number(parts.get("hour")) * 60 + Number(parts.get("minute"))) % MINUTES_OF_DAY;
  const time = { day: WEEKDAYS.indexOf(parts.get("weekday") ?? "") + 1, minute };
  zones.set(timeZone, { format, at, time });
  return time;
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}
