/** What members, guests of the lesson, and strangers with its code see over a recording. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { PolicyRule } from "../../../access/policies/access-policy.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { Changes } from "../../foundation/store/change.ts";
import type { Recording } from "../../foundation/store/tables.ts";
import {
  actorOf,
  insertCourse,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  STRANGER,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { markOf } from "../../people/accounts/person-watermark.ts";
import { joinLesson } from "../join.ts";
import { recordingWatermark } from "./recording-watermark.ts";

let database: TestDatabase;

before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

async function insertRecording(schoolId: string, lessonId: string): Promise<Recording> {
  const of = { id: newId(), school_id: schoolId, lesson_id: lessonId, app: "live", name: "lesson-abcdefghijklmnop", epoch: "e" };
  const rest = { title: "T", started_at: new Date(), seconds: 1, bytes: 1, whole: true, files: json([]), chapters: json([]) };
  return await database.db
    .insertInto("recordings")
    .values({ ...of, ...rest, published: true })
    .returningAll()
    .executeTakeFirstOrThrow();
}

test("a rule of the course marks its recordings: a member by account, a guest by the lesson, anybody else by the address", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const course = await insertCourse(db, school.id);
  const lesson = await insertLesson(db, school.id, { course_id: course.id });
  const recording = await insertRecording(school.id, lesson.id);
  const student = await insertUser(db, school.id, "student");
  const member = { actor: actorOf(student), guestOf: null, ip: "192.0.2.7" };
  assert.equal(await recordingWatermark(db, recording, member), null);
  const rule: PolicyRule = {
    kind: "watermark",
    for: "play",
    combine: "add",
    mode: "enforce",
    locked: false,
    shows: "both",
    opacity: 0.3,
  };
  const place = { school_id: school.id, course_id: course.id, lesson_id: null, recording_id: null };
  await db
    .insertInto("policies")
    .values({
      ...place,
      id: newId(),
      level: "course",
      target_id: course.id,
      rules: json<readonly PolicyRule[]>([rule]),
      bytes: 100,
    })
    .execute();
  const text = `${student.name} ${markOf(student.id)}`;
  assert.deepEqual(await recordingWatermark(db, recording, member), { text, opacity: 0.3 });
  const { body: guest } = await new Changes(db, () => {}).transact({ actor: STRANGER }, async (change) => ({
    body: await joinLesson(change, STRANGER, lesson, { name: "Mei", token: null, hasCode: true }),
  }));
  const shown = async (token: string | null) =>
    (await recordingWatermark(db, recording, { actor: STRANGER, guestOf: { lesson, token }, ip: "192.0.2.7" }))?.text;
  assert.equal(await shown(guest.token), `Mei ${markOf(guest.participant.id)}`);
  assert.equal(await shown(null), "192.0.2.7");
  assert.equal(await shown("guessed"), "192.0.2.7");
});
