/** Roll-ups of lessons and days: repeats, late beacons, lessons that go to the bin, and reports. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  insertCourse,
  insertSchool,
  insertUser,
  openTestDatabase,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { workOnce } from "../../foundation/work/test-work.ts";
import { recomputeLessons } from "../quality/recompute.ts";
import { rollUpLessons } from "../quality/roll-up.ts";
import { rollUps } from "../quality/roll-up-task.ts";
import { daysOfLessons, rollUpDays } from "./roll-up.ts";
import { type SchoolGrouping, schoolReport } from "./school-report.ts";
import { attend, endedLesson, MINUTE_MS, START, say, watch } from "./test-lesson.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const NOW = new Date(START + 600 * MINUTE_MS);
const report = (schoolId: string, by: SchoolGrouping, of: { readonly courseId?: string } = {}) =>
  schoolReport(database.db, by, { schoolId, from: "2026-11-20", to: "2026-11-30", ...of });

async function compute(...lessonIds: readonly string[]): Promise<void> {
  await rollUpLessons(database.db, lessonIds, NOW);
  await rollUpDays(database.db, await daysOfLessons(database.db, lessonIds));
}

/** Two lessons of one school at the same time, of different courses, and one of another. */
async function openDay() {
  const { db } = database;
  const school = await insertSchool(db);
  const teacher = await insertUser(db, school.id, "teacher");
  const course = await insertCourse(db, school.id);
  const maths = await endedLesson(db, school.id, { courseId: course.id, teacherId: teacher.id });
  const art = await endedLesson(db, school.id, { teacherId: teacher.id, start: START + 2 * MINUTE_MS });
  const anna = await attend(db, maths, {}, [0, 30]);
  await watch(db, maths, anna, 0, 5);
  await watch(db, maths, null, 0, 3);
  await watch(db, art, null, 0, 4);
  await say(db, maths, anna, "chat");
  return { school, teacher, course, maths, art };
}

test("a school's day adds its lessons up; its peak is that of all of them together", async () => {
  const { school, teacher, course, maths, art } = await openDay();
  await compute(maths.id, art.id);
  const [day, ...others] = await report(school.id, "day");
  assert.deepEqual(others, []);
  const { key, lessons, viewers, watchedMs, people, presentMs, peak, interactions, completionRate } = day!;
  assert.deepEqual([key, lessons, viewers, watchedMs / MINUTE_MS], ["2026-11-23", 2, 3, 12]);
  assert.deepEqual([people, presentMs / MINUTE_MS, peak, interactions, completionRate], [1, 30, 3, 1, 1]);
  assert.deepEqual(
    (await report(school.id, "course")).map((row) => [row.key, row.name, row.lessons, row.peak]),
    [
      [course.id, course.name, 1, 2],
      ["", "", 1, 1],
    ],
  );
  assert.deepEqual(
    (await report(school.id, "teacher")).map((row) => [row.key, row.name, row.lessons]),
    [[teacher.id, teacher.name, 2]],
  );
  assert.deepEqual(
    (await report(school.id, "day", { courseId: course.id })).map((row) => [row.lessons, row.peak]),
    [[1, 2]],
  );
});

test("computing again changes nothing, late beacons count once, and recomputing from sessions gives the same", async () => {
  const { db } = database;
  const { school, maths, art } = await openDay();
  const all = async () => [await report(school.id, "day"), await report(school.id, "course"), await report(school.id, "teacher")];
  await compute(maths.id, art.id);
  const once = await all();
  await Promise.all([compute(maths.id, art.id), compute(art.id), compute(maths.id)]);
  assert.deepEqual(await all(), once);
  await watch(db, maths, null, 10, 11);
  await compute(maths.id);
  await compute(maths.id);
  const late = await all();
  assert.equal(late[0]?.[0]?.watchedMs, 13 * MINUTE_MS);
  await db.deleteFrom("school_days").where("school_id", "=", school.id).execute();
  await db.deleteFrom("school_peaks").where("school_id", "=", school.id).execute();
  await db.deleteFrom("lesson_activity").execute();
  const span = { from: new Date(START - 1), to: new Date(START + 10 * MINUTE_MS) };
  assert.equal(await recomputeLessons(db, { schoolId: school.id, ...span }, NOW), 2);
  assert.deepEqual(await all(), late);
});

test("the leader takes a lesson that went to the bin out of its day, and puts it back", async () => {
  const { db } = database;
  const { school, maths, art } = await openDay();
  await compute(maths.id, art.id);
  const task = rollUps(db);
  await workOnce(task, Date.now() - MINUTE_MS);
  const lessonsOf = async () => (await report(school.id, "day")).map(({ lessons }) => lessons);
  const setBin = (deleted_at: Date | null) => db.updateTable("lessons").set({ deleted_at }).where("id", "=", art.id).execute();
  await setBin(NOW);
  await workOnce(task, Date.now());
  assert.deepEqual(await lessonsOf(), [1]);
  await setBin(null);
  await workOnce(task, Date.now() + MINUTE_MS);
  assert.deepEqual(await lessonsOf(), [2]);
});
