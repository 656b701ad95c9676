/** Defines what a series says of its lessons, and whether one of them differs from that. */
import type { LessonSeries } from "../../foundation/store/lesson-series-tables.ts";
import type { Db, Lesson } from "../../foundation/store/tables.ts";
import { changedColumns } from "../../foundation/upserts/changed-columns.ts";
import { momentsOf, type Occurrence, occurrenceNamed } from "./occurrences.ts";

/** What a series says of one of its lessons. */
export function lessonColumns(series: LessonSeries, occurrence: Occurrence) {
  const { startsAt, endsAt } = momentsOf(series, occurrence);
  return {
    title: series.title,
    course_id: series.course_id,
    teacher_id: series.teacher_id,
    mode: series.mode,
    record: series.record,
    guests: series.guests,
    waiting_room: series.waiting_room,
    open_to_school: series.open_to_school,
    capacity: series.capacity,
    ladder: series.ladder,
    ladder_start: series.ladder_start,
    starts_at: startsAt,
    ends_at: endsAt,
  };
}

/** Whether a lesson of a series differs from what the series says. */
export async function differsFromSeries(db: Db, lesson: Lesson): Promise<boolean> {
  if (lesson.series_id === null || lesson.occurrence === null) return false;
  const series = await db.selectFrom("lesson_series").selectAll().where("id", "=", lesson.series_id).executeTakeFirst();
  const occurrence = series && occurrenceNamed(series, lesson.occurrence);
  return !occurrence || Object.keys(changedColumns(lesson, lessonColumns(series, occurrence))).length > 0;
}

export async function readHolidays(db: Db, { school_id, skip_holidays }: Pick<LessonSeries, "school_id" | "skip_holidays">) {
  if (!skip_holidays) return [];
  const entries = db.selectFrom("calendar_entries").select(["starts_on", "ends_on", "name"]);
  return await entries.where("school_id", "=", school_id).where("kind", "=", "holiday").execute();
}
