/** Defines types of the tables of series of lessons, and of the terms and holidays of a school, for Kysely. Dates are `YYYY-MM-DD`. */
import type { Generated, Selectable } from "kysely";
import type { Created, Json, MaybeInstant } from "./column-types.ts";
import type { LessonMode } from "./lesson-modes.ts";
import type { PrivacyOf } from "./privacy.ts";
import type { LadderColumns } from "./stream-tables.ts";

/** Days from 1, Monday, to 7; from and to are `HH:MM`. An end that is not after its beginning is on the next day. */
export type WeeklyTime = { readonly days: readonly number[]; readonly from: string; readonly to: string };

export type LessonSeriesTable = LadderColumns & {
  readonly id: string;
  readonly school_id: string;
  course_id: string | null;
  teacher_id: string | null;
  title: string;
  mode: LessonMode;
  record: boolean;
  guests: boolean;
  waiting_room: boolean;
  open_to_school: boolean;
  /** Maximum number of people at the same time; null: no limit. */
  capacity: number | null;
  /** IANA name, in which the times are. */
  time_zone: string;
  weekly: Json<readonly WeeklyTime[]>;
  every_weeks: number;
  starts_on: string;
  /** The last day; null: none is set. */
  ends_on: string | null;
  /** How many lessons there are; null: not limited. */
  lesson_count: number | null;
  skip_holidays: boolean;
  /** The day until which lessons were made; null: none were. */
  planned_until: string | null;
  /** When lessons are made next; null: all are made. */
  next_at: MaybeInstant;
  /** When the teacher is told by mail; null: nothing is to be told. */
  notify_at: MaybeInstant;
  notify_attempts: Generated<number>;
  created_at: Created;
  version: Generated<number>;
};

/** Lessons of a series that were deleted one by one. */
export type LessonSeriesExceptionTable = {
  readonly series_id: string;
  readonly occurrence: string;
};

export const CALENDAR_ENTRY_KINDS = ["term", "holiday"] as const;

export type CalendarEntryTable = {
  readonly id: string;
  readonly school_id: string;
  kind: (typeof CALENDAR_ENTRY_KINDS)[number];
  name: string;
  starts_on: string;
  /** The last day. */
  ends_on: string;
  created_at: Created;
  version: Generated<number>;
};

export type LessonSeriesTables = {
  readonly lesson_series: LessonSeriesTable;
  readonly lesson_series_exceptions: LessonSeriesExceptionTable;
  readonly calendar_entries: CalendarEntryTable;
};
export type LessonSeries = Selectable<LessonSeriesTable>;

export const LESSON_SERIES_PRIVACY = {
  lesson_series: { erasure: "school", atRest: "school" },
  lesson_series_exceptions: { erasure: "school", atRest: "school" },
  calendar_entries: { erasure: "school", atRest: "school" },
} as const satisfies PrivacyOf<LessonSeriesTables>;
