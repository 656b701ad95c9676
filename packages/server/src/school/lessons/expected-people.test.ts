import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newId } from "../../platform/id.ts";
import type { Course, School } from "../foundation/store/tables.ts";
import {
  insertCourse,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  type TestDatabase,
} from "../foundation/store/test-database.ts";
import { expectedPeople } from "./expected-people.ts";

const NOW = Date.parse("2026-12-01T08:00:00Z");
const MINUTE = 60_000;
const at = (minutes: number) => new Date(NOW + minutes * MINUTE);

let database: TestDatabase;
let school: School;
let course: Course;

before(async () => {
  database = await openTestDatabase();
  school = await insertSchool(database.db);
  const students = await Promise.all([1, 2, 3].map(() => insertUser(database.db, school.id, "student")));
  course = await insertCourse(database.db, school.id, students);
});
after(() => database.close());

async function join(lessonId: string, people: number): Promise<void> {
  const row = () => ({ id: newId(), lesson_id: lessonId, name: "Guest", role: "guest" as const, joined_at: at(0), seen_at: at(0) });
  if (people > 0)
    await database.db
      .insertInto("participants")
      .values(Array.from({ length: people }, row))
      .execute();
}

async function ended(daysAgo: number, people: number): Promise<void> {
  const started_at = at(-daysAgo * 1440);
  const { id } = await insertLesson(database.db, school.id, { course_id: course.id, state: "ended", starts_at: started_at });
  await database.db.updateTable("lessons").set({ started_at }).where("id", "=", id).execute();
  await join(id, people);
}

test("as many are expected as came to the fullest of the last four lessons, less those who are there; at the first lesson, its course's members", async () => {
  const { db } = database;
  const expected = () => expectedPeople(db, 10 * MINUTE, NOW);
  assert.deepEqual(await expected(), { people: 0, lessons: 0 });
  const next = await insertLesson(db, school.id, { course_id: course.id, state: "scheduled", starts_at: at(9) });
  assert.deepEqual(await expected(), { people: 3, lessons: 1 });
  await ended(35, 50);
  for (const [daysAgo, people] of [
    [28, 5],
    [21, 7],
    [14, 6],
    [7, 0],
  ] as const)
    await ended(daysAgo, people);
  assert.deepEqual(await expected(), { people: 7, lessons: 1 });
  await join(next.id, 2);
  assert.deepEqual(await expected(), { people: 5, lessons: 1 });
  await db
    .updateTable("lessons")
    .set({ state: "live", started_at: at(-9) })
    .where("id", "=", next.id)
    .execute();
  assert.deepEqual(await expected(), { people: 5, lessons: 1 });
  await db
    .updateTable("lessons")
    .set({ started_at: at(-11) })
    .where("id", "=", next.id)
    .execute();
  assert.deepEqual(await expected(), { people: 0, lessons: 0 });
});

test("lessons that begin later, that should have begun an hour ago, or that are deleted are not expected; of one without a course nothing is known", async () => {
  const { db } = database;
  await insertLesson(db, school.id, { course_id: course.id, state: "scheduled", starts_at: at(11) });
  await insertLesson(db, school.id, { course_id: course.id, state: "scheduled", starts_at: at(-61) });
  await insertLesson(db, school.id, { course_id: course.id, state: "scheduled", starts_at: at(5), deleted_at: at(-1) });
  assert.deepEqual(await expectedPeople(db, 10 * MINUTE, NOW), { people: 0, lessons: 0 });
  await insertLesson(db, school.id, { state: "scheduled", starts_at: at(5) });
  assert.deepEqual(await expectedPeople(db, 10 * MINUTE, NOW), { people: 0, lessons: 1 });
});
