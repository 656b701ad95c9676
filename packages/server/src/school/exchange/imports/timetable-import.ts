/** Imports lessons from the rows of a file: date, start, end, title, course, teacher, mode, guests, capacity, in the school's time zone. */

import { DateTime } from "luxon";
import { isInRange } from "../../../platform/instant.ts";
import { isOneLine } from "../../../platform/text.ts";
import type { CsvRow } from "../../foundation/csv/csv.ts";
import type { RowError } from "../../foundation/csv/row-error.ts";
import { importText } from "../../foundation/messages/import-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import { LESSON_MODES } from "../../foundation/store/lesson-modes.ts";
import type { Database, School } from "../../foundation/store/tables.ts";
import { type NewLesson, newLessonRow } from "../../lessons/lesson-row.ts";
import { loginName } from "../../people/accounts/login-name.ts";
import { type CheckedRows, checkRows, type Report } from "./checked-rows.ts";
import { modeOfWord } from "./headings.ts";
import { findOrCreateCourses } from "./import-courses.ts";
import type { Written } from "./import-items.ts";
import type { ImportOptions } from "./import-options.ts";

/** A lesson that ends before it starts goes on over midnight, if it is no longer than this; else the times are a mistake. */
const MAX_OVER_MIDNIGHT_MS = 12 * 3600 * 1000;
/** Has every hour, in every time zone. */
const ANY_DAY = "2026-01-05";
const MAX_TITLE = 200;
const MAX_CAPACITY = 1_000_000;
const YES = ["yes", "true", "1", "是"];
const NO = ["no", "false", "0", "否"];

/** What the rows of a timetable refer to. */
export type TimetableSchool = {
  readonly school: Pick<School, "id" | "time_zone" | "guests">;
  readonly courses: readonly { readonly id: string; readonly name: string }[];
  readonly teachers: readonly { readonly id: string; readonly login: string; readonly name: string }[];
};

/** A lesson to create, and the name of its course where the school does not have it yet. */
export type ImportedLesson = { readonly lesson: NewLesson; readonly newCourse: string | null };

/** Lessons to create, and every error. @param faults of the rows that were found before */
export async function checkTimetable(
  db: Database,
  school: School,
  rows: readonly CsvRow[],
  options: ImportOptions = {},
  faults: readonly RowError[] = [],
): Promise<CheckedRows<ImportedLesson>> {
  const courses = await db.selectFrom("courses").select(["id", "name"]).where("school_id", "=", school.id).execute();
  const teachers = await db
    .selectFrom("users")
    .select(["id", "login", "name"])
    .where("school_id", "=", school.id)
    .where("role", "in", ["teacher", "administrator"])
    .execute();
  return await readTimetable({ school, courses, teachers }, rows, options, faults);
}

export async function readTimetable(
  { school, courses, teachers }: TimetableSchool,
  rows: readonly CsvRow[],
  { createCourses = false, courseId: usualCourse }: ImportOptions = {},
  faults: readonly RowError[] = [],
): Promise<CheckedRows<ImportedLesson>> {
  const courseByName = new Map(courses.map(({ name, id }) => [name, id]));
  const known = { school, teacherOf: teacherFinder(teachers) };
  return await checkRows(rows, faults, ({ cells }, wrong) => {
    const { course = "" } = cells;
    const courseId = course === "" ? (usualCourse ?? null) : (courseByName.get(course) ?? null);
    const isMissing = course !== "" && courseId === null;
    if (isMissing && !createCourses) wrong("course", importText("no-course", { name: course }));
    if (isMissing && course.length > MAX_TITLE) wrong("course", importText("title-too-long", { max: MAX_TITLE }));
    return { lesson: readLesson(known, courseId, cells, wrong), newCourse: isMissing ? course : null };
  });
}

/** A teacher is found by the login, and by a name that nobody else has. */
function teacherFinder(teachers: TimetableSchool["teachers"]): (text: string) => string | null {
  const byLogin = new Map(teachers.map(({ login, id }) => [login, id]));
  const byName = new Map<string, string | null>();
  for (const { name, id } of teachers) byName.set(name, byName.has(name) ? null : id);
  return (text) => byLogin.get(loginName(text)) ?? byName.get(text) ?? null;
}

/** Creates the lessons that the school does not have yet. A lesson is known by its start, title, course and teacher. */
export async function writeTimetable(
  change: Change,
  school: Pick<School, "id">,
  imported: readonly ImportedLesson[],
): Promise<Written> {
  const { trx } = change;
  // Two imports of one timetable at the same time must see each other's lessons.
  await trx.selectFrom("schools").select("id").where("id", "=", school.id).forNoKeyUpdate().execute();
  const { made, idOf } = await findOrCreateCourses(
    change,
    school,
    imported.flatMap(({ newCourse }) => newCourse ?? []),
  );
  const lessons = imported.map(({ lesson, newCourse }) => ({
    ...lesson,
    courseId: lesson.courseId ?? idOf.get(newCourse ?? "") ?? null,
  }));
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
  const rows = fresh.map((lesson) => newLessonRow(lesson));
  if (rows.length > 0) await trx.insertInto("lessons").values(rows).execute();
  return {
    added: rows.length,
    items: [
      ...rows.map(({ id }) => ({ kind: "lesson" as const, item_id: id })),
      ...made.map((id) => ({ kind: "course" as const, item_id: id })),
    ],
  };
}

function lessonKey({ title, startsAt, courseId, teacherId }: Pick<NewLesson, "title" | "startsAt" | "courseId" | "teacherId">) {
  return JSON.stringify([title, startsAt?.getTime() ?? null, courseId, teacherId]);
}

type KnownNames = {
  readonly school: TimetableSchool["school"];
  readonly teacherOf: (text: string) => string | null;
};

function readLesson({ school, teacherOf }: KnownNames, courseId: string | null, cells: CsvRow["cells"], wrong: Report): NewLesson {
  const cell = (name: string): string => cells[name] ?? "";
  const date = readDate(cell("date"), wrong);
  // A wrong time is said beside a wrong date: any day shows it.
  const day = date ?? ANY_DAY;
  const [start, end] = [plainTime(cell("start")), plainTime(cell("end"))];
  const startsAt = readTime(school.time_zone, day, start, wrong, "start");
  const endsAt = readEnd(school.time_zone, day, end, startsAt, wrong);
  if (cell("title").length > MAX_TITLE) wrong("title", importText("title-too-long", { max: MAX_TITLE }));
  if (!isOneLine(cell("title"))) wrong("title", importText("one-line"));
  const teacherId = teacherOf(cell("teacher"));
  if (cell("teacher") && teacherId === null) wrong("teacher", importText("no-teacher", { name: cell("teacher") }));
  const mode = modeOfWord(cell("mode") || "broadcast");
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

/** `2026-9-1`, `2026/09/01`, `2026.9.1` and `2026年9月1日` are the same day; what has the year last is not certain. */
function readDate(text: string, wrong: Report): string | null {
  const [, year = "", month = "", day = ""] =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text.normalize("NFKC").trim()) ?? [];
  return year === "" ? wrong("date", importText("date")) : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** Without the seconds that a spreadsheet writes, and with a plain colon. */
function plainTime(text: string): string {
  return text
    .normalize("NFKC")
    .trim()
    .replace(/^(\d{1,2}:\d{2}):00$/, "$1");
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
