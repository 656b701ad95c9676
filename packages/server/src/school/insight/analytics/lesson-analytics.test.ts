/** A lesson's analytics: who was there by minute, what was said, who ranks where, and what of a recording was played. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import {
  insertCourse,
  insertSchool,
  insertUser,
  openTestDatabase,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { lessonAnalytics } from "./lesson-analytics.ts";
import { minutesOfLesson } from "./lesson-minutes.ts";
import { lessonPeople } from "./lesson-people.ts";
import { attend, endedLesson, MINUTE_MS, quiz, record, START, say, watch } from "./test-lesson.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const NOW = new Date(START + 600 * MINUTE_MS);

test("a lesson's figures count students and guests, and the course's students who did not come", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const [anna, ben] = [await insertUser(db, school.id, "student"), await insertUser(db, school.id, "student")];
  const teacher = await insertUser(db, school.id, "teacher");
  const course = await insertCourse(db, school.id, [anna, ben, teacher]);
  const lesson = await endedLesson(db, school.id, { courseId: course.id, minutes: 3 });
  const inRoom = await attend(db, lesson, { userId: anna.id }, [-5, 1], [2, null]);
  const guest = await attend(db, lesson, { role: "guest", name: "Guest" }, [1, 2]);
  const host = await attend(db, lesson, { userId: teacher.id, role: "teacher" }, [0, 3]);
  await watch(db, lesson, inRoom, 0, 2);
  await watch(db, lesson, null, 1, 2);
  await say(db, lesson, inRoom, "chat");
  await say(db, lesson, inRoom, "danmaku");
  await say(db, lesson, inRoom, "chat", { body: { deleted: true } });
  await say(db, lesson, host, "chat", { role: "staff" });
  await say(db, lesson, guest, "question", { role: "guest" });
  await say(db, lesson, guest, "hand", { role: "guest", body: { state: "raised" } });
  await say(db, lesson, guest, "hand", { role: "guest", body: { state: "called" } });
  await quiz(db, lesson, { [inRoom]: true, [guest]: false });
  const seen = await lessonAnalytics(db, lesson, NOW);
  const { expected, came, people, presentMs, viewers, watchedMs, peak, lines, questions, hands, answers } = seen;
  assert.deepEqual([expected, came, people, presentMs / MINUTE_MS], [2, 1, 2, 3]);
  assert.deepEqual([viewers, watchedMs / MINUTE_MS, peak], [2, 3, 2]);
  assert.deepEqual([lines, questions, hands, answers], [2, 1, 1, 2]);
  assert.deepEqual(
    seen.minutes.map(({ at, present, watching }) => [(at.getTime() - START) / MINUTE_MS, present, watching]),
    [
      [0, 1, 1],
      [1, 1, 2],
      [2, 1, 0],
    ],
    "who is there at any time of a minute is there in it, once",
  );
  assert.deepEqual(seen.by.device, [{ name: "phone", sessions: 3, watchedMs: 3 * MINUTE_MS }]);

  const people1 = await lessonPeople(db, lesson, { by: "interaction", limit: 10, offset: 0, now: NOW });
  assert.deepEqual(
    people1.map(({ id, presentMs: ms, watchedMs: watched, interactions, correct }) => [
      id,
      ms / MINUTE_MS,
      (watched ?? 0) / MINUTE_MS,
      interactions,
      correct,
    ]),
    [
      [inRoom, 2, 2, 3, 1],
      [guest, 1, 0, 3, 0],
    ],
  );
  const [first] = await lessonPeople(db, lesson, { by: "attendance", limit: 1, offset: 1, now: NOW });
  assert.equal(first?.id, guest);
  await db.updateTable("schools").set({ view_details: "anonymous" }).where("id", "=", school.id).execute();
  const hidden = await lessonPeople(db, lesson, { by: "watched", limit: 10, offset: 0, now: NOW });
  assert.deepEqual(
    hidden.map(({ watchedMs: watched }) => watched),
    [null, null],
  );
});

test("minutes of people are those of counting each person in each minute", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const stay = fc.tuple(fc.integer({ min: -2, max: 12 }), fc.integer({ min: 1, max: 5 }));
  const stays = fc.array(fc.array(stay, { maxLength: 4 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(stays, async (people) => {
      const lesson = await endedLesson(db, school.id, { minutes: 10 });
      const expected = Array.from({ length: 11 }, () => 0);
      for (const person of people) {
        // One person's intervals lie apart, in quarters of a minute.
        let end = -100;
        const spans = person
          .toSorted(([a], [b]) => a - b)
          .flatMap(([from, length]): [number, number][] => {
            const begin = Math.max(from, end + 0.25);
            end = begin + length / 4;
            return [[begin, end]];
          });
        await attend(db, lesson, {}, ...spans);
        for (let minute = 0; minute <= 10; minute++) {
          const isThere = spans.some(([from, to]) => {
            const [begin, stop] = [Math.max(from, 0), Math.min(to, 10)];
            return from < 10 && to > 0 && Math.floor(begin) <= minute && minute < Math.ceil(stop);
          });
          if (isThere) expected[minute] = (expected[minute] ?? 0) + 1;
        }
      }
      const { present } = await minutesOfLesson(db, lesson.id, NOW);
      assert.deepEqual(
        Array.from({ length: 11 }, (_, i) => present[i] ?? 0),
        expected,
      );
    }),
    { numRuns: 25 },
  );
});

test("replays are counted by minute of the recording, the last one by its length", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await endedLesson(db, school.id, { minutes: 1.5 });
  const id = await record(db, lesson, [{ seconds: 60, title: "End" }]);
  const rows = [
    { recording_id: id, minute: 0, played_ms: 90_000 },
    { recording_id: id, minute: 1, played_ms: 60_000 },
  ];
  await db.insertInto("recording_minutes").values(rows).execute();
  const { replays } = await lessonAnalytics(db, lesson, NOW);
  assert.deepEqual(replays, [
    {
      recordingId: id,
      title: lesson.title,
      seconds: 90,
      chapters: [{ seconds: 60, title: "End" }],
      playedMs: 150_000,
      minutes: [1.5, 2],
    },
  ]);
});
