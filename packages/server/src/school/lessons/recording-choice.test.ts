import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Changes } from "../foundation/store/change.ts";
import { SYSTEM } from "../foundation/store/requester.ts";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../foundation/store/test-database.ts";
import { endLesson, startLesson } from "./lesson-state.ts";
import { chooseRecording, expireRecordingChoices } from "./recording-choice.ts";
import { streamPolicy } from "./stream-policy.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

async function setUp() {
  const { db } = database;
  const changes = new Changes(db, () => {});
  const school = await insertSchool(db);
  const { id, stream_app: app, stream_name: name } = await insertLesson(db, school.id);
  const row = () => db.selectFrom("lessons").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const change = async (work: typeof startLesson, by: "hand" | "publisher") => {
    const lesson = await row();
    await changes.transact(SYSTEM, async (one) => ({ body: await work(one, lesson, by) }));
  };
  const isRecorded = async () => (await streamPolicy(db, app, name))?.record;
  const endedAgo = (ms: number) =>
    db
      .updateTable("lessons")
      .set({ ended_at: new Date(Date.now() - ms) })
      .where("id", "=", id)
      .execute();
  return { db, app, name, change, isRecorded, endedAgo };
}

test("what was decided by hand holds over breaks of the publisher of up to an hour", async () => {
  const { db, app, name, change, isRecorded, endedAgo } = await setUp();
  await change(startLesson, "publisher");
  assert.equal(await isRecorded(), false);
  assert.equal(await chooseRecording(db, app, name, "start"), true);
  await change(endLesson, "publisher");
  await endedAgo(3500_000);
  assert.deepEqual(await expireRecordingChoices(db, Date.now()), []);
  assert.equal(await isRecorded(), true);
  await change(startLesson, "publisher");
  assert.equal(await isRecorded(), true);
  await change(endLesson, "publisher");
  await endedAgo(3700_000);
  assert.equal(await isRecorded(), false, "before the decision is removed");
  assert.deepEqual(await expireRecordingChoices(db, Date.now()), [{ stream_app: app, stream_name: name }]);
  await change(startLesson, "publisher");
  assert.equal(await isRecorded(), false);
});

test("a lesson that is ended by hand is not recorded when it is started again", async () => {
  const { db, app, name, change, isRecorded } = await setUp();
  await change(startLesson, "publisher");
  await chooseRecording(db, app, name, "start");
  await change(endLesson, "hand");
  assert.equal(await chooseRecording(db, app, name, "start"), false, "it is over");
  await change(startLesson, "hand");
  assert.equal(await isRecorded(), false);
});

test("no lesson has the stream", async () => assert.equal(await chooseRecording(database.db, "live", "math", "start"), false));
