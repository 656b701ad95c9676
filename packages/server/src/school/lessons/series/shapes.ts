/** Defines what the API takes and returns about series of lessons. */
import { z } from "zod";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import { ladderChoiceFields, ladderFields } from "../../foundation/schools/ladder-choice.ts";
import { isTimeZone } from "../../foundation/schools/shapes.ts";
import { LESSON_MODES } from "../../foundation/store/lesson-modes.ts";
import type { LessonSeries, WeeklyTime } from "../../foundation/store/lesson-series-tables.ts";
import { capacity } from "../shapes.ts";
import { day, isDayRange, timeOfDay } from "./day-fields.ts";

/** Lessons of a week. More are no timetable, and each of them is made ahead. */
const MAX_PER_WEEK = 20;
const MAX_LESSONS = 500;
const MAX_WEEKS = 52;

const occurrence = z.string().regex(/^\d{4}-\d\d-\d\d(\/\d{1,2})?$/, fieldText.key("occurrence"));
const timeZone = z.string().refine(isTimeZone, fieldText.key("time-zone"));
const weekly = z
  .array(
    z.strictObject({
      days: z.array(z.int().min(1).max(7)).min(1).max(7).describe("1 is Monday."),
      from: timeOfDay.describe("HH:MM in the time zone of the series."),
      to: timeOfDay.describe("At or before `from`: on the next day."),
    }),
  )
  .min(1)
  .max(MAX_PER_WEEK)
  .refine(hasRoom, fieldText.key("weekly-times"));
const everyWeeks = z.int().min(1).max(MAX_WEEKS).describe("2: every second week, counted from the week of `startsOn`.");
const count = z.int().min(1).max(MAX_LESSONS).nullable().describe("How many lessons there are; holidays do not count.");

const pattern = {
  timeZone: timeZone.optional().describe("IANA name. Default: the school's. Lessons keep their time when its clocks change."),
  weekly,
  everyWeeks: everyWeeks.default(1),
  startsOn: day.describe("The first day. Lessons that would have begun already are not made."),
  endsOn: day.nullable().default(null).describe("The last day; null: none is set."),
  count: count.default(null),
  skipHolidays: z.boolean().default(true).describe("Whether the school's holidays have no lesson."),
};
const ENDS_BEFORE = { path: ["endsOn"], error: fieldText.key("ends-before-first-day") };

export const newLessonSeries = z
  .strictObject({
    schoolId: id.optional(),
    title: text(200),
    courseId: id.optional(),
    teacherId: id.optional().describe("Default: the teacher who creates it."),
    mode: z.enum(LESSON_MODES).default("broadcast"),
    record: z.boolean().default(false),
    guests: z.boolean().optional().describe("Default: the school's setting."),
    waitingRoom: z.boolean().default(false),
    openToSchool: z.boolean().default(false),
    capacity: capacity.optional().describe("Default: as for a lesson of this mode."),
    ...ladderChoiceFields,
    ...pattern,
  })
  .refine(isDayRange, ENDS_BEFORE);

export const previewedSeries = z
  .strictObject({
    schoolId: id.optional(),
    teacherId: id.nullable().optional(),
    seriesId: id.optional().describe("The series that is changed: its own lessons are no conflicts."),
    lessonId: id.optional().describe("The lesson that is changed."),
    ...pattern,
  })
  .refine(isDayRange, ENDS_BEFORE);

const changes = {
  title: text(200).optional(),
  courseId: id.nullable().optional(),
  teacherId: id.nullable().optional(),
  mode: z.enum(LESSON_MODES).optional(),
  record: z.boolean().optional(),
  guests: z.boolean().optional(),
  waitingRoom: z.boolean().optional(),
  openToSchool: z.boolean().optional(),
  capacity: capacity.optional(),
  ...ladderChoiceFields,
  timeZone: timeZone.optional(),
  weekly: weekly.optional(),
  everyWeeks: everyWeeks.optional(),
  endsOn: day.nullable().optional(),
  count: count.optional(),
  skipHolidays: z.boolean().optional(),
};
export const changedLessonSeries = z
  .strictObject({
    ...changes,
    startsOn: day.optional(),
    exceptions: z.array(occurrence).max(MAX_LESSONS).optional().describe("All occurrences that are left out."),
  })
  .refine(isDayRange, ENDS_BEFORE);
export const followingLessons = z
  .strictObject({ from: day.describe("The day of a lesson of the series."), ...changes })
  .refine(({ from, endsOn }) => isDayRange({ startsOn: from, endsOn }), {
    path: ["endsOn"],
    error: fieldText.key("ends-before-from"),
  });
export const endedLessonSeries = z.strictObject({ from: day.describe("The first day without lessons of the series.") });
export type SeriesChanges = z.output<z.ZodObject<typeof changes>> & { readonly startsOn?: string | undefined };

export const lessonSeriesShape = z
  .object({
    id,
    schoolId: id,
    courseId: id.nullable(),
    teacherId: id.nullable(),
    title: z.string(),
    mode: z.enum(LESSON_MODES),
    record: z.boolean(),
    guests: z.boolean(),
    waitingRoom: z.boolean(),
    openToSchool: z.boolean(),
    capacity: z.int().nullable(),
    ...ladderFields,
    timeZone: z.string(),
    weekly: z.array(z.object({ days: z.array(z.int()), from: z.string(), to: z.string() })),
    everyWeeks: z.int(),
    startsOn: z.string(),
    endsOn: z.string().nullable(),
    count: z.int().nullable(),
    skipHolidays: z.boolean(),
    exceptions: z.array(z.string()).describe("Lessons that were deleted one by one. `2026-12-24/2` is the second one of its day."),
    upcoming: z.int().describe("Lessons that are in the timetable and have not begun."),
    nextAt: time.nullable().describe("When the next of them begins."),
    plannedUntil: z.string().nullable().describe("The day until which lessons are in the timetable; later ones are added in time."),
    createdAt: time,
    version,
  })
  .meta({ id: "LessonSeries" });

/** What is read beside the rows of an answer. */
export type SeriesFacts = { readonly exceptions: readonly string[]; readonly upcoming: number; readonly nextAt: Date | null };

export function lessonSeriesResponse(series: LessonSeries, facts: SeriesFacts) {
  return {
    id: series.id,
    schoolId: series.school_id,
    courseId: series.course_id,
    teacherId: series.teacher_id,
    title: series.title,
    mode: series.mode,
    record: series.record,
    guests: series.guests,
    waitingRoom: series.waiting_room,
    openToSchool: series.open_to_school,
    capacity: series.capacity,
    ladder: series.ladder,
    ladderStart: series.ladder_start,
    timeZone: series.time_zone,
    weekly: series.weekly.map(({ days, from, to }) => ({ days: [...days], from, to })),
    everyWeeks: series.every_weeks,
    startsOn: series.starts_on,
    endsOn: series.ends_on,
    count: series.lesson_count,
    skipHolidays: series.skip_holidays,
    exceptions: [...facts.exceptions],
    upcoming: facts.upcoming,
    nextAt: facts.nextAt,
    plannedUntil: series.planned_until,
    createdAt: series.created_at,
    version: series.version,
  };
}

/** Whether no two lessons of a week begin together, and there are not too many. */
function hasRoom(times: readonly WeeklyTime[]): boolean {
  const starts = times.flatMap(({ days, from }) => days.map((on) => `${on} ${from}`));
  return new Set(starts).size === starts.length && starts.length <= MAX_PER_WEEK;
}
