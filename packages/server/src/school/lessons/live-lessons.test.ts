import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { memberStream } from "../../access/policies/stream-policy.ts";
import { Changes } from "../foundation/store/change.ts";
import type { LessonTrigger } from "../foundation/store/lesson-tables.ts";
import { insertLesson, insertSchool, openTestDatabase, silentLog, type TestDatabase } from "../foundation/store/test-database.ts";
import { LiveLessons, type LiveStream } from "./live-lessons.ts";

const MINUTE_MS = 60_000;
let database: TestDatabase;
let schoolId: string;

before(async () => {
  database = await openTestDatabase();
  schoolId = (await insertSchool(database.db)).id;
});
after(() => database.close());

/** A live lesson whose publisher has been away for so many minutes. */
async function awayFor(minutes: number, startedBy: LessonTrigger = "publisher") {
  const leftAt = new Date(Date.now() - minutes * MINUTE_MS);
  const live = { state: "live", started_at: new Date(leftAt.getTime() - MINUTE_MS), publisher_left_at: leftAt } as const;
  const { id } = await insertLesson(database.db, schoolId);
  await database.db
    .updateTable("lessons")
    .set({ ...live, started_by: startedBy })
    .where("id", "=", id)
    .execute();
  const read = () => database.db.selectFrom("lessons").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  return { id, leftAt, read };
}

/** @param live streams that are live now */
function becomeLeader(told: string[] = [], live: readonly LiveStream[] = []): LiveLessons {
  const { db } = database;
  const ruleChanged = (_app: string, name: string) => void told.push(name);
  const changes = new Changes(db, () => {});
  return new LiveLessons({ db, changes, log: silentLog, live, isLeader: () => true, ruleChanged });
}

/** Lets the clock run, ten seconds at a time, until something holds. @returns for how long */
async function run(t: TestContext, holds: () => Promise<boolean>): Promise<number> {
  const begin = Date.now();
  while (!(await holds())) {
    t.mock.timers.tick(10_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return Date.now() - begin;
}

test("a lesson ends when its publisher has been away for as long as the school waits, and its end is when the publisher disconnected", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  const lesson = await awayFor(19);
  const earlier = becomeLeader();
  await earlier.start();
  await earlier.close();
  assert.equal((await lesson.read()).state, "live", "a minute is left");
  const told: string[] = [];
  const leader = becomeLeader(told);
  await leader.start();
  const waitedMs = await run(t, async () => (await lesson.read()).state === "ended");
  await leader.close();
  assert.ok(waitedMs >= MINUTE_MS, `${waitedMs} ms`);
  const { ended_by, ended_at, publisher_left_at, stream_name } = await lesson.read();
  assert.deepEqual([ended_by, ended_at, publisher_left_at], ["publisher", lesson.leftAt, null]);
  assert.deepEqual(told, [stream_name]);
});

test("a lesson that a person started is ended by a person, however long its publisher is absent", async () => {
  const lesson = await awayFor(600, "hand");
  const leader = becomeLeader();
  await leader.start();
  await leader.close();
  const { state, publisher_left_at } = await lesson.read();
  assert.deepEqual([state, publisher_left_at], ["live", lesson.leftAt]);
});

test("a lesson that a person started, and to which nobody has published yet, misses no publisher, also when somebody on stage leaves", async () => {
  const { id, stream_app: app, stream_name } = await insertLesson(database.db, schoolId);
  const lessons = database.db.updateTable("lessons").where("id", "=", id);
  await lessons.set({ state: "live", started_at: new Date(), started_by: "hand" }).execute();
  const leader = becomeLeader();
  await leader.start();
  const onStage = { app, name: memberStream(stream_name, "p"), epoch: "one", startedAt: Date.now() };
  leader.streamChanged(app, onStage.name, onStage);
  await leader.close();
  const next = becomeLeader([], [onStage]);
  next.streamChanged(app, onStage.name, null);
  await next.close();
  const { publisher_left_at } = await database.db.selectFrom("lessons").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  assert.equal(publisher_left_at, null);
});
