/** Writes the mail about a series of lessons, in English and Chinese: nothing says which language a teacher reads. */
import { DateTime } from "luxon";
import type { LessonSeries, WeeklyTime } from "../../foundation/store/lesson-series-tables.ts";

type Ahead = { readonly count: number; readonly next: Date | null; readonly last: Date | null };
type MailedSeries = Pick<LessonSeries, "title" | "time_zone" | "weekly" | "every_weeks">;
/** Any. */
const MONDAY = "2024-01-01";

/** Its subject and its text. */
export function seriesMail(
  { title, time_zone: zone, weekly, every_weeks }: MailedSeries,
  { count, next, last }: Ahead,
): [string, string] {
  const subject = `${title}: your lessons / 你的课程安排`;
  if (!next || !last || Number(count) === 0) return [subject, `No lessons of “${title}” are ahead.\n“${title}”没有待上的课。\n`];
  const times = (locale: string) => weekly.map((time) => timeIn(time, locale)).join("; ");
  const day = (at: Date, locale: string) =>
    DateTime.fromJSDate(at, { zone })
      .setLocale(locale)
      .toLocaleString({ weekday: "long", year: "numeric", month: "long", day: "numeric" });
  const [everyWeek, everyZh] = every_weeks === 1 ? ["every week", "每周"] : [`every ${every_weeks} weeks`, `每 ${every_weeks} 周`];
  const english = [
    `You teach “${title}” ${everyWeek}: ${times("en")} (${zone}).`,
    `Lessons in the timetable: ${count}, from ${day(next, "en")} to ${day(last, "en")}.`,
  ];
  const chinese = [
    `“${title}”由你授课，${everyZh}：${times("zh-CN")}（${zone}）。`,
    `课表中共 ${count} 节，${day(next, "zh-CN")}至${day(last, "zh-CN")}。`,
  ];
  return [subject, `${english.join("\n")}\n\n${chinese.join("\n")}\n`];
}

function timeIn({ days, from, to }: WeeklyTime, locale: string): string {
  const names = days
    .toSorted((a, b) => a - b)
    .map((on) =>
      DateTime.fromISO(MONDAY, { zone: "utc", locale })
        .plus({ days: on - 1 })
        .toFormat("cccc"),
    );
  return `${new Intl.ListFormat(locale).format(names)} ${from}–${to}`;
}
