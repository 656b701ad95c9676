/** A student's record: outcomes of lessons, results, what to catch up on, and who may read it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { json } from "../../../platform/store/store.ts";
import {
  actorOf,
  insertCourse,
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { findStudent } from "../../lessons/student-access.ts";
import { studentLessons } from "./student-lessons.ts";
import { studentRecord } from "./student-record.ts";
import { attend, endedLesson, MINUTE_MS, quiz, record, START, say, watch } from "./test-lesson.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const DAY = 24 * 60 * MINUTE_MS;
const NOW = new Date(START + 30 * DAY);
const TERM = { from: new Date(START - DAY), to: NOW };
const CHAPTERS = [
  { seconds: 0, title: "One" },
  { seconds: 1800, title: "Two" },
];

/** A student of a course of four lessons: attended, left after half an hour, missed, and missed without a recording. */
async function openTerm() {
  const { db } = database;
  const school = await insertSchool(db);
  const person = (role: "student" | "teacher" | "administrator") => insertUser(db, school.id, role);
  const [anna, teacher, other] = [await person("student"), await person("teacher"), await person("teacher")];
  const course = await insertCourse(db, school.id, [anna, teacher]);
  const lessonOn = (day: number) => endedLesson(db, school.id, { courseId: course.id, start: START + day * DAY });
  const [whole, left, missed, lost] = [await lessonOn(0), await lessonOn(1), await lessonOn(2), await lessonOn(3)];
  const inWhole = await attend(db, whole, { userId: anna.id }, [0, null]);
  await attend(db, left, { userId: anna.id }, [0, 29]);
  for (const count of [2, 3])
    await say(db, whole, teacher.id, "star", { key: `star/${inWhole}`, body: { person: inWhole, count, given: 1 } });
  await quiz(db, whole, { [inWhole]: true });
  await quiz(db, whole, { [inWhole]: false });
  await quiz(db, whole, { [inWhole]: null });
  await quiz(db, whole, {});
  const recordings = [await record(db, whole), await record(db, left, CHAPTERS), await record(db, missed, CHAPTERS)];
  const recordOf = (reader = anna) => studentRecord(db, anna, actorOf(reader), TERM, NOW);
  return { school, anna, teacher, other, course, lessons: [whole, left, missed, lost], recordings, recordOf, person };
}

test("a term has its lessons' outcomes and results, and a path through what was missed", async () => {
  const { lessons, recordings, recordOf, anna } = await openTerm();
  const { catchUp, ...totals } = await recordOf();
  assert.deepEqual(totals, {
    lessons: 4,
    attended: 1,
    partly: 1,
    missed: 2,
    caughtUp: 0,
    presentMs: 89 * MINUTE_MS,
    watchedMs: 0,
    replayMs: 0,
    quizzes: 4,
    answered: 3,
    graded: 2,
    correct: 1,
    stars: 3,
  });
  assert.deepEqual(
    catchUp.map(({ lessonId, why, recordingId, chapter, fromSeconds, seconds }) => [
      lessons.findIndex(({ id }) => id === lessonId),
      why,
      recordings.indexOf(recordingId ?? ""),
      chapter,
      fromSeconds,
      seconds,
    ]),
    [
      [1, "chapter", 1, "Two", 1800, 1800],
      [2, "missed", 2, "One", 0, 1800],
      [2, "missed", 2, "Two", 1800, 1800],
      [3, "missed", -1, null, 0, 3600],
    ],
  );
  assert.equal(catchUp[0]?.path, `/console/record?recording=${recordings[1]}&at=1800`);
  const { db } = database;
  const scope = { ...TERM, limit: 2, order: "newest" as const };
  const page = await studentLessons(db, anna, actorOf(anna), scope, NOW);
  const last = page.at(-1)!;
  const next = { ...scope, after: { startedAt: last.startedAt, id: last.lessonId } };
  const rest = await studentLessons(db, anna, actorOf(anna), next, NOW);
  assert.deepEqual(
    [...page, ...rest].map(({ lessonId }) => lessons.findIndex(({ id }) => id === lessonId)),
    [3, 2, 1, 0],
  );
});

test("a chapter that was played since is no longer to catch up on, nor a lesson that was watched without the room", async () => {
  const { db } = database;
  const { anna, lessons, recordings, recordOf } = await openTerm();
  const minutes = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [30 + i, 60_000]));
  await db
    .insertInto("replay_views")
    .values({ user_id: anna.id, recording_id: recordings[1]!, minutes: json(minutes), played_at: NOW })
    .execute();
  await watch(db, lessons[2]!, await attend(db, lessons[2]!, { userId: anna.id }), 0, 60);
  const { catchUp, attended, caughtUp, replayMs, watchedMs } = await recordOf();
  assert.deepEqual([attended, caughtUp, replayMs, watchedMs], [2, 1, 30 * MINUTE_MS, 60 * MINUTE_MS]);
  assert.deepEqual(
    catchUp.map(({ lessonId }) => lessonId),
    [lessons[3]!.id],
  );
});

test("students read their own record, staff that of their lessons, administrators all, and others none", async () => {
  const { db } = database;
  const { school, anna, teacher, other, course, recordOf, person } = await openTerm();
  const code = async (reader: typeof anna) => refusalCode(findStudent(db, actorOf(reader), anna.id));
  const head = await person("administrator");
  const stranger = await insertUser(db, (await insertSchool(db)).id, "administrator");
  assert.deepEqual([await code(anna), await code(teacher), await code(head)], [null, null, null]);
  assert.deepEqual(
    [await code(other), await code(await person("student")), await code(stranger)],
    ["not-found", "not-found", "not-found"],
  );
  // A teacher who is a student of the course teaches nothing in it.
  await db.insertInto("course_members").values({ course_id: course.id, user_id: other.id, role: "student" }).execute();
  assert.equal(await code(other), "not-found");
  const own = await endedLesson(db, school.id, { teacherId: other.id });
  await attend(db, own, { userId: anna.id }, [0, null]);
  assert.equal(await code(other), null);
  assert.deepEqual([(await recordOf(other)).lessons, (await recordOf(teacher)).lessons, (await recordOf()).lessons], [1, 4, 5]);
});
