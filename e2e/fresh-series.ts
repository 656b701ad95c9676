/** Writes the rows of repeating lessons and of holidays that tests of who may do what need. */
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";

type Ids = Readonly<Record<"lessonSeriesId" | "courseId" | "calendarEntryId", string>>;

/** A series of a course, without lessons, and a holiday. */
export async function freshSeries(db: Database, school_id: string, id: Ids): Promise<void> {
  await db
    .insertInto("lesson_series")
    .values({
      id: id.lessonSeriesId,
      school_id,
      course_id: id.courseId,
      title: "Maths",
      mode: "broadcast",
      record: false,
      guests: true,
      waiting_room: false,
      open_to_school: false,
      time_zone: "UTC",
      weekly: json([{ days: [1], from: "09:00", to: "09:45" }]),
      every_weeks: 1,
      starts_on: "2090-03-06",
      lesson_count: 2,
      skip_holidays: true,
    })
    .execute();
  await db
    .insertInto("calendar_entries")
    .values({
      id: id.calendarEntryId,
      school_id,
      kind: "holiday",
      name: "Holiday",
      starts_on: "2090-03-08",
      ends_on: "2090-03-10",
    })
    .execute();
}
