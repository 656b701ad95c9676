/** Timetables from CSV: time zones, daylight saving, and the errors of each row. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { textIn } from "../../../platform/messages/message.ts";
import type { CsvRow } from "../../foundation/csv/csv.ts";
import { readImportRows } from "./import-rows.ts";
import { readTimetable } from "./timetable-import.ts";

const HEADER = "date,start,end,title,course,teacher,mode,guests,capacity";

function knownIn(time_zone: string) {
  return {
    school: { id: "s", time_zone, guests: true },
    courses: [{ id: "c1", name: "Maths" }],
    teachers: [{ id: "t1", login: "wang", name: "Wang Fang" }],
  };
}

async function rows(...lines: string[]): Promise<readonly CsvRow[]> {
  const { rows: read, fatal, errors } = await readImportRows("timetable", [HEADER, ...lines].join("\n"), {});
  assert.deepEqual([fatal, errors], [[], []]);
  return read;
}

async function lessonsOf(timeZone: string, ...lines: string[]) {
  const { values, errors } = await readTimetable(knownIn(timeZone), await rows(...lines));
  assert.deepEqual(errors, []);
  return values.map((value) => value!.lesson);
}

async function startsIn(timeZone: string, date: string, time: string): Promise<string | undefined> {
  const lessons = await lessonsOf(timeZone, `${date},${time},23:59,A,,,,,`);
  return lessons[0]?.startsAt?.toISOString();
}

async function errorsOf(timeZone: string, ...lines: string[]) {
  const read = await readTimetable(knownIn(timeZone), await rows(...lines));
  return read.errors.map(({ line, column, text }) => [line, column, textIn("en", text)]);
}

test("times are the wall clock of the school", async () => {
  assert.equal(await startsIn("Asia/Shanghai", "2026-11-20", "9:00"), "2026-11-20T01:00:00.000Z");
  assert.equal(await startsIn("America/New_York", "2026-11-20", "09:00"), "2026-11-20T14:00:00.000Z");
});

test("the offset is that of the day: summer and winter time", async () => {
  assert.equal(await startsIn("Europe/Berlin", "2026-07-01", "09:00"), "2026-07-01T07:00:00.000Z");
  assert.equal(await startsIn("Europe/Berlin", "2026-12-01", "09:00"), "2026-12-01T08:00:00.000Z");
});

test("a time that the clocks skip is an error in its column; the same time on another day is not", async () => {
  const skipped = "does not exist on this day: the clocks are put forward";
  assert.deepEqual(await errorsOf("Europe/Berlin", "2026-03-29,02:30,04:00,A,,,,,"), [[2, "start", skipped]]);
  assert.deepEqual(await errorsOf("Europe/Berlin", "2026-03-29,01:00,02:30,A,,,,,"), [[2, "end", skipped]]);
  assert.equal(await startsIn("Europe/Berlin", "2026-03-28", "02:30"), "2026-03-28T01:30:00.000Z");
  assert.equal(await startsIn("Asia/Shanghai", "2026-03-29", "02:30"), "2026-03-28T18:30:00.000Z");
});

test("a lesson across the end of summer time is an hour longer", async () => {
  const lessons = await lessonsOf("Europe/Berlin", "2026-10-25,01:30,03:30,A,,,,,");
  const [lesson] = lessons;
  assert.equal(Number(lesson?.endsAt) - Number(lesson?.startsAt), 3 * 3600 * 1000);
});

test("kinds of lessons are read as the pages name them, in both languages", async () => {
  const words = [
    "大班课",
    "互动大班课",
    "小班课",
    "小组课",
    "一对一",
    "Class",
    "Large interactive class",
    "Interactive-Small",
    "Small lesson",
    "One to one",
  ];
  const rows = words.map((word, i) => `2026-11-20,09:00,10:00,L${i},,,${word},,`);
  const modes = ["broadcast", "interactive-large", "interactive-small", "small", "one-to-one"];
  assert.deepEqual(
    (await lessonsOf("UTC", ...rows)).map(({ mode }) => mode),
    [...modes, ...modes],
  );
});

test("optional cells have defaults, and given ones are read", async () => {
  const lessons = await lessonsOf("UTC", "2026-11-20,09:00,10:00,A,,,,,", "2026-11-20,09:00,10:00,B,Maths,WANG,one-to-one,否,3");
  const [first, second] = lessons.map(({ schoolId: _, startsAt: _s, endsAt: _e, ...rest }) => rest);
  const common = { record: false };
  assert.deepEqual(first, {
    ...common,
    title: "A",
    courseId: null,
    teacherId: null,
    mode: "broadcast",
    guests: true,
    capacity: undefined,
  });
  assert.deepEqual(second, {
    ...common,
    title: "B",
    courseId: "c1",
    teacherId: "t1",
    mode: "one-to-one",
    guests: false,
    capacity: 3,
  });
});

test("every wrong cell is reported with its line and column", async () => {
  assert.deepEqual(
    await errorsOf(
      "UTC",
      "20.11.2026,09:00,10:00,A,,,,,",
      "2026-02-30,09:00,10:00,A,,,,,",
      "2026-11-20,9h,10:00,A,,,,,",
      "2026-11-20,10:00,10:00,A,,,,,",
      "2026-11-20,10:00,09:00,A,,,,,",
      "2026-11-20,09:00,10:00,A,History,li,party,maybe,0",
    ),
    [
      [2, "date", "is a date such as 2026-11-20, the year first"],
      [3, "date", "there is no such day or time"],
      [4, "start", "is a time such as 09:00"],
      [5, "end", "is not after the start"],
      [6, "end", "is before the start; a lesson over midnight takes at most 12 hours"],
      [7, "course", 'there is no course "History"'],
      [7, "teacher", 'there is no teacher "li"'],
      [7, "mode", "is one of broadcast, interactive-large, interactive-small, small, one-to-one"],
      [7, "guests", "is yes or no"],
      [7, "capacity", "is a whole number from 1 to 1000000"],
    ],
  );
});

test("a lesson that ends before it starts goes on over midnight, also when the clocks change in that night", async () => {
  const lessons = await lessonsOf(
    "Europe/Berlin",
    "2026-11-20,22:30,00:15,A,,,,,",
    "2026-10-24,23:00,04:00,B,,,,,",
    "2026-12-31,23:30,00:30,C,,,,,",
  );
  const minutes = lessons.map(({ startsAt, endsAt }) => (Number(endsAt) - Number(startsAt)) / 60_000);
  assert.deepEqual(minutes, [105, 6 * 60, 60]);
  assert.deepEqual(await errorsOf("Europe/Berlin", "2026-03-28,23:00,02:30,A,,,,,"), [
    [2, "end", "does not exist on this day: the clocks are put forward"],
  ]);
});

test("days and times as Chinese schools and spreadsheets write them are the same day and time", async () => {
  for (const date of ["2026-9-1", "2026/09/01", "2026.9.1", "2026年9月1日"])
    assert.equal(await startsIn("Asia/Shanghai", date, "9:00:00"), "2026-09-01T01:00:00.000Z", date);
  assert.equal(await startsIn("Asia/Shanghai", "2026-09-01", "９：００"), "2026-09-01T01:00:00.000Z");
});

test("a wrong time is said beside a wrong date", async () => {
  assert.deepEqual(
    (await errorsOf("UTC", "soon,9h,10:00,A,,,,,")).map(([, column]) => column),
    ["date", "start"],
  );
});

test("a teacher is found by name too, unless two have it", async () => {
  const [lesson] = await lessonsOf("UTC", "2026-11-20,09:00,10:00,A,,Wang Fang,,,");
  assert.equal(lesson?.teacherId, "t1");
  const { school, courses, teachers } = knownIn("UTC");
  const two = { school, courses, teachers: [...teachers, { id: "t2", login: "wang2", name: "Wang Fang" }] };
  const { errors } = await readTimetable(two, await rows("2026-11-20,09:00,10:00,A,,Wang Fang,,,"));
  assert.deepEqual(
    errors.map(({ column }) => column),
    ["teacher"],
  );
});
