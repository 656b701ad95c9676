/** Imports lessons from CSV: `date,start,end,title,course,teacher,mode,guests,capacity`, in the school's time zone. */

import { DateTime } from "luxon";
import { isInRange } from "../../../platform/instant.ts";
import type { Text } from "../../../platform/messages/message.ts";
import { isOneLine } from "../../../platform/text.ts";
import type { Columns, CsvRow } from "../../foundation/csv/csv.ts";
import type { ImportMistake } from "../../foundation/csv/import-mistake.ts";
import { forEachInSlices } from "../../foundation/csv/slices.ts";
import { importText } from "../../foundation/messages/import-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import { type Database, LESSON_MODES, type School } from "../../foundation/store/tables.ts";
import { type NewLesson, newLessonRow } from "../../lessons/lesson-row.ts";
import { loginName } from "../../people/accounts/login-name.ts";

export const TIMETABLE_COLUMNS: Columns = {
  required: ["date", "start", "end", "title"],
  optional: ["course", "teacher", "mode", "guests", "capacity"],
};
/** A lesson that ends before it starts goes on over midnight, if it is no longer than this; else the times are a mistake. */
const MAX_OVER_MIDNIGHT_MS = 12 * 3600 * 1000;
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
  return await readTimetable({ school, courses, teachers }, rows);
}

export async function readTimetable(
  { school, courses, teachers }: TimetableSchool,
  rows: readonly CsvRow[],
): Promise<readonly NewLesson[] | { readonly errors: readonly ImportMistake[] }> {
  const errors: ImportMistake[] = [];
  const lessons: NewLesson[] = [];
  const courseByName = new Map(courses.map(({ name, id }) => [name, id]));
  const teacherByLogin = new Map(teachers.map(({ login, id }) => [login, id]));
  await forEachInSlices(rows, ({ line, cells }) => {
    const wrong: Report = (column, text) => {
      errors.push({ line, column, text });
      return null;
    };
    lessons.push(readLesson({ school, courseByName, teacherByLogin }, cells, wrong));
  });
  return errors.length > 0 ? { errors } : lessons;
}

/** Creates the lessons that the school does not have yet, and returns their number. A lesson is known by its start, title, course and teacher. */
export async function writeTimetable(
  { trx }: Pick<Change, "trx">,
  school: Pick<School, "id">,
  lessons: readonly NewLesson[],
): Promise<number> {
  // Two imports of one timetable at the same time must see each other's lessons.
  await trx.selectFrom("schools").select("id").where("id", "=", school.id).forNoKeyUpdate().execute();
  const starts = lessons.flatMap(({ startsAt }) => startsAt ?? []);
  const present = await trx
    .selectFrom("lessons")
    .select(["title", "starts_at", "course_id", "teacher_id"])
    .where("school_id", "=", school.id)
    .where("starts_at", "in", starts)
    .where("deleted_at", "is", null)
    .execute();
  const known = new Set(
    present.map((row) => lessonKey({ ...row, startsAt: row.starts_at, courseId: row.course_id, teacherId: row.teacher_id })),
  );
  const fresh = lessons.filter((lesson) => {
    const key = lessonKey(lesson);
    return !known.has(key) && known.add(key);
  });
  if (fresh.length > 0)
    await trx
      .insertInto("lessons")
      .values(fresh.map((lesson) => newLessonRow(lesson)))
      .execute();
  return fresh.length;
}

function lessonKey({ title, startsAt, courseId, teacherId }: Pick<NewLesson, "title" | "startsAt" | "courseId" | "teacherId">) {
  return JSON.stringify([title, startsAt?.getTime() ?? null, courseId, teacherId]);
}

type KnownNames = {
  readonly school: TimetableSchool["school"];
  readonly courseByName: ReadonlyMap<string, string>;
  readonly teacherByLogin: ReadonlyMap<string, string>;
};

function readLesson({ school, courseByName, teacherByLogin }: KnownNames, cells: CsvRow["cells"], wrong: Report): NewLesson {
  const cell = (name: string): string => cells[name] ?? "";
  const date = readDate(cell("date"), wrong);
  const startsAt = date === null ? null : readTime(school.time_zone, date, cell("start"), wrong, "start");
  const endsAt = date === null ? null : readEnd(school.time_zone, date, cell("end"), startsAt, wrong);
  if (cell("title").length > MAX_TITLE) wrong("title", importText("title-too-long", { max: MAX_TITLE }));
  if (!isOneLine(cell("title"))) wrong("title", importText("one-line"));
  const courseId = courseByName.get(cell("course")) ?? null;
  if (cell("course") && courseId === null) wrong("course", importText("no-course", { name: cell("course") }));
  const teacherId = teacherByLogin.get(loginName(cell("teacher"))) ?? null;
  if (cell("teacher") && teacherId === null) wrong("teacher", importText("no-teacher", { name: cell("teacher") }));
  const mode = LESSON_MODES.find((known) => known === (cell("mode") || "broadcast"));
  if (!mode) wrong("mode", importText("mode", { values: LESSON_MODES.join(", ") }));
  const guests = readYesOrNo(cell("guests"));
  if (cell("guests") && guests === null) wrong("guests", importText("yes-or-no"));
  return {
    schoolId: school.id,
    title: cell("title"),
    courseId,
    teacherId,
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

/** The end of a lesson: on the next day, where it is over midnight. */
function readEnd(timeZone: string, date: string, time: string, startsAt: Date | null, wrong: Report): Date | null {
  const endsAt = readTime(timeZone, date, time, wrong, "end");
  if (!startsAt || !endsAt || endsAt > startsAt) return endsAt;
  if (endsAt.getTime() === startsAt.getTime()) return wrong("end", importText("end-before-start"));
  const nextDay = DateTime.fromISO(date).plus({ days: 1 }).toISODate() ?? date;
  const endsNextDay = readTime(timeZone, nextDay, time, wrong, "end");
  if (endsNextDay && endsNextDay.getTime() - startsAt.getTime() > MAX_OVER_MIDNIGHT_MS)
    return wrong("end", importText("over-midnight-too-long"));
  return endsNextDay;
}

/** A wall-clock time of the school as an instant. Where clocks are put forward, some times of the day do not exist. */
function readTime(timeZone: string, date: string, time: string, wrong: Report, column: "start" | "end"): Date | null {
  if (!/^\d{1,2}:\d{2}$/.test(time)) return wrong(column, importText("time"));
  const padded = time.padStart(5, "0");
  const at = DateTime.fromISO(`${date}T${padded}`, { zone: timeZone });
  // Both columns share the date; one report is enough.
  if (!at.isValid || !isInRange(at.toMillis())) return column === "start" ? wrong("date", importText("no-such-time")) : null;
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
