/** Imports lessons from CSV: `date,start,end,title,course,teacher,mode,guests,capacity`, in the school's time zone. */

import { DateTime } from "luxon";
import type { Text } from "../../platform/messages/message.ts";
import { type NewLesson, newLessonRow } from "../lessons/lesson-row.ts";
import { importText } from "../messages/import-texts.ts";
import type { Change } from "../store/change.ts";
import { type Database, LESSON_MODES, type School } from "../store/tables.ts";
import type { Columns, CsvRow } from "./csv.ts";
import type { ImportMistake } from "./import-mistake.ts";

export const TIMETABLE_COLUMNS: Columns = {
  required: ["date", "start", "end", "title"],
  optional: ["course", "teacher", "mode", "guests", "capacity"],
};
const ROWS_PER_INSERT = 200;
const MAX_TITLE = 200;
const MAX_CAPACITY = 1_000_000;
const YES = ["yes", "true", "1", "是"];
const NO = ["no", "false", "0", "否"];

/** What the rows of a timetable refer to. */
export type TimetableSchool = {
  readonly school: Pick<School, "id" | "time_zone" | "guests">;
  readonly courses: readonly { readonly id: string; readonly name: string }[];
  readonly teachers: readonly { readonly id: string; readonly login: string }[];
};

/** Reports an error in a column of the current row. */
type Report = (column: string, text: Text) => null;

/** Lessons to create, or every error. */
export async function checkTimetable(
  db: Database,
  school: School,
  rows: readonly CsvRow[],
): Promise<readonly NewLesson[] | { readonly errors: readonly ImportMistake[] }> {
  const courses = await db.selectFrom("courses").select(["id", "name"]).where("school_id", "=", school.id).execute();
  const teachers = await db
    .selectFrom("users")
    .select(["id", "login"])
    .where("school_id", "=", school.id)
    .where("role", "in", ["teacher", "administrator"])
    .execute();
  return readTimetable({ school, courses, teachers }, rows);
}

export function readTimetable(
  known: TimetableSchool,
  rows: readonly CsvRow[],
): readonly NewLesson[] | { readonly errors: readonly ImportMistake[] } {
  const errors: ImportMistake[] = [];
  const lessons = rows.map(({ line, cells }) =>
    readLesson(known, cells, (column, text) => {
      errors.push({ line, column, text });
      return null;
    }),
  );
  return errors.length > 0 ? { errors } : lessons;
}

export async function writeTimetable(change: Change, lessons: readonly NewLesson[]): Promise<void> {
  for (let i = 0; i < lessons.length; i += ROWS_PER_INSERT) {
    const rows = lessons.slice(i, i + ROWS_PER_INSERT).map((lesson) => newLessonRow(lesson));
    await change.trx.insertInto("lessons").values(rows).execute();
  }
}

function readLesson({ school, courses, teachers }: TimetableSchool, cells: CsvRow["cells"], wrong: Report): NewLesson {
  const cell = (name: string): string => cells[name] ?? "";
  const date = readDate(cell("date"), wrong);
  const startsAt = date === null ? null : readTime(school.time_zone, date, cell("start"), wrong, "start");
  const endsAt = date === null ? null : readTime(school.time_zone, date, cell("end"), wrong, "end");
  if (startsAt && endsAt && endsAt <= startsAt) wrong("end", importText("end-before-start"));
  if (cell("title").length > MAX_TITLE) wrong("title", importText("title-too-long", { max: MAX_TITLE }));
  const course = courses.find(({ name }) => name === cell("course"));
  if (cell("course") && !course) wrong("course", importText("no-course", { name: cell("course") }));
  const teacher = teachers.find(({ login }) => login === cell("teacher").toLowerCase());
  if (cell("teacher") && !teacher) wrong("teacher", importText("no-teacher", { name: cell("teacher") }));
  const mode = LESSON_MODES.find((known) => known === (cell("mode") || "broadcast"));
  if (!mode) wrong("mode", importText("mode", { values: LESSON_MODES.join(", ") }));
  const guests = readYesOrNo(cell("guests"));
  if (cell("guests") && guests === null) wrong("guests", importText("yes-or-no"));
  return {
    schoolId: school.id,
    title: cell("title"),
    courseId: course?.id ?? null,
    teacherId: teacher?.id ?? null,
    startsAt,
    endsAt,
    mode: mode ?? "broadcast",
    record: false,
    guests: guests ?? school.guests,
    capacity: readCapacity(cell("capacity"), wrong),
  };
}

function readDate(date: string, wrong: Report): string | null {
  return /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : wrong("date", importText("date"));
}

/** A wall-clock time of the school as an instant. Where clocks are put forward, some times of the day do not exist. */
function readTime(timeZone: string, date: string, time: string, wrong: Report, column: "start" | "end"): Date | null {
  if (!/^\d{1,2}:\d{2}$/.test(time)) return wrong(column, importText("time"));
  const padded = time.padStart(5, "0");
  const at = DateTime.fromISO(`${date}T${padded}`, { zone: timeZone });
  // Both columns share the date; one report is enough.
  if (!at.isValid) return column === "start" ? wrong("date", importText("no-such-time")) : null;
  if (at.toFormat("HH:mm") !== padded) return wrong(column, importText("skipped-time"));
  return at.toJSDate();
}

function readCapacity(text: string, wrong: Report): number | null | undefined {
  if (text === "") return undefined;
  const capacity = Number(text);
  if (Number.isInteger(capacity) && capacity >= 1 && capacity <= MAX_CAPACITY) return capacity;
  return wrong("capacity", importText("capacity", { max: MAX_CAPACITY }));
}

function readYesOrNo(text: string): boolean | null {
  const word = text.toLowerCase();
  return YES.includes(word) ? true : NO.includes(word) ? false : null;
}
