/** A timetable from CSV: `date,start,end,title,course,teacher,mode,guests,capacity`, in the school's own time. */
import { DateTime } from "luxon";
import { type NewLesson, newLessonRow } from "../lessons/lesson.ts";
import type { Change } from "../store/change.ts";
import { type Database, type ImportError, LESSON_MODES, type School } from "../store/tables.ts";
import type { Columns, CsvRow } from "./csv.ts";

export const TIMETABLE_COLUMNS: Columns = {
  required: ["date", "start", "end", "title"],
  optional: ["course", "teacher", "mode", "guests", "capacity"],
};
const ROWS_AT_ONCE = 200;
const MAX_TITLE = 200;
const YES = ["yes", "true", "1", "是"];
const NO = ["no", "false", "0", "否"];

/** What is to be written, or every mistake. */
export async function checkTimetable(
  db: Database,
  school: School,
  rows: readonly CsvRow[],
): Promise<readonly NewLesson[] | { readonly errors: readonly ImportError[] }> {
  const errors: ImportError[] = [];
  const courses = await db.selectFrom("courses").select(["id", "name"]).where("school_id", "=", school.id).execute();
  const teachers = await db
    .selectFrom("users")
    .select(["id", "login"])
    .where("school_id", "=", school.id)
    .where("role", "in", ["teacher", "administrator"])
    .execute();
  const lessons: NewLesson[] = [];
  for (const { line, cells } of rows) {
    const wrong = (column: string, message: string): null => {
      errors.push({ line, column, message });
      return null;
    };
    const cell = (name: string): string => cells[name] ?? "";
    const startsAt = instantIn(school.time_zone, cell("date"), cell("start"), wrong, "start");
    const endsAt = instantIn(school.time_zone, cell("date"), cell("end"), wrong, "end");
    if (startsAt && endsAt && endsAt <= startsAt) wrong("end", "is not after the start");
    if (cell("title").length > MAX_TITLE) wrong("title", `is longer than ${MAX_TITLE} characters`);
    const course = courses.find(({ name }) => name === cell("course"));
    if (cell("course") && !course) wrong("course", `there is no course "${cell("course")}"`);
    const teacher = teachers.find(({ login }) => login === cell("teacher").toLowerCase());
    if (cell("teacher") && !teacher) wrong("teacher", `there is no teacher "${cell("teacher")}"`);
    const mode = LESSON_MODES.find((known) => known === (cell("mode") || "broadcast"));
    if (!mode) wrong("mode", `is one of ${LESSON_MODES.join(", ")}`);
    const guests = yesOrNo(cell("guests"));
    if (cell("guests") && guests === null) wrong("guests", "is yes or no");
    const capacity = cell("capacity") === "" ? undefined : Number(cell("capacity"));
    if (capacity !== undefined && (!Number.isInteger(capacity) || capacity < 1 || capacity > 1_000_000))
      wrong("capacity", "is a whole number from 1 to 1000000");
    lessons.push({
      schoolId: school.id,
      title: cell("title"),
      courseId: course?.id ?? null,
      teacherId: teacher?.id ?? null,
      startsAt,
      endsAt,
      mode: mode ?? "broadcast",
      record: false,
      guests: guests ?? school.guests,
      capacity,
    });
  }
  return errors.length > 0 ? { errors } : lessons;
}

export async function writeTimetable(change: Change, _school: School, lessons: readonly NewLesson[]): Promise<void> {
  for (let i = 0; i < lessons.length; i += ROWS_AT_ONCE) {
    const rows = lessons.slice(i, i + ROWS_AT_ONCE).map((lesson) => newLessonRow(lesson));
    await change.trx.insertInto("lessons").values(rows).execute();
  }
}

/** A school's wall clock as an instant. When clocks are put forward, some times of that day never come. */
function instantIn(
  timeZone: string,
  date: string,
  time: string,
  wrong: (column: string, message: string) => null,
  column: string,
): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return column === "start" ? wrong("date", "is a date such as 2026-11-20") : null;
  if (!/^\d{1,2}:\d{2}$/.test(time)) return wrong(column, "is a time such as 09:00");
  const padded = time.padStart(5, "0");
  const at = DateTime.fromISO(`${date}T${padded}`, { zone: timeZone });
  if (!at.isValid) return column === "start" ? wrong("date", "there is no such day or time") : null;
  if (at.toFormat("HH:mm") !== padded) return wrong(column, "does not exist on this day: the clocks are put forward");
  return at.toJSDate();
}

function yesOrNo(text: string): boolean | null {
  const word = text.toLowerCase();
  return YES.includes(word) ? true : NO.includes(word) ? false : null;
}
