/** How looks are counted and written. Which routes are looked at is tested by `e2e/readings.test.ts`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import type { Reads } from "../../../access/reading.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { erasedColumns, eraseTraces } from "../../exchange/privacy/erase.ts";
import {
  actorOf,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../store/test-database.ts";
import { ReadingLog } from "./reading-log.ts";

const HOUR_MS = 3_600_000;
const OPERATOR: Actor = {
  kind: "token",
  id: null,
  name: "operator",
  role: "operator",
  schoolId: null,
  scopes: null,
  ip: "192.0.2.1",
};

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

/** A school, with a log whose clock is set. */
async function scene() {
  const { db } = database;
  const school = await insertSchool(db);
  const teacher = await insertUser(db, school.id, "teacher");
  const clock = { now: Math.floor(Date.now() / HOUR_MS) * HOUR_MS };
  const log = new ReadingLog({ db, log: silentLog, now: () => clock.now });
  const written = async () => {
    const rows = await db.selectFrom("audit").selectAll().where("school_id", "=", school.id).orderBy("id").execute();
    return rows.map(({ actor_id, ip, action, target_kind, target_id, after: counted }) => {
      const { operations, requests, rows: people = 0 } = counted ?? {};
      return { actor_id, ip, action, target: `${target_kind} ${target_id}`, operations, requests, people };
    });
  };
  const read = async (reads: Reads, path: string, actor: Actor, call: { params?: object; query?: object; body?: unknown } = {}) => {
    const { params = {}, query = {}, body = null } = call;
    const handle = async () => ({ body });
    const one = {
      id: `read ${path}`,
      method: "GET",
      path,
      tag: "",
      summary: "",
      access: { roles: [], scope: "people:read" },
      rights: ["--------", null],
    } as const;
    const made: ApiRoute = route({ ...one, reads, status: 200, answer: z.unknown(), refusals: [], handle });
    await log.audited(made).handle({ actor, params, query } as never);
  };
  return { db, school, teacher: { ...actorOf(teacher), ip: "192.0.2.7" }, teacherRow: teacher, clock, log, written, read };
}

test("a look at a list is one entry, however many pages it has; what follows within the hour is another one", async () => {
  const { school, teacher, clock, log, written, read } = await scene();
  const page = () => read("people", "/users", teacher, { body: { items: [{}, {}, {}] } });
  await page();
  await log.write(false);
  const entry = {
    actor_id: teacher.id,
    ip: teacher.ip,
    action: "read.people",
    target: `school ${school.id}`,
    operations: ["read /users"],
  };
  assert.deepEqual(await written(), [{ ...entry, requests: 1, people: 3 }]);
  for (let i = 0; i < 9; i++) await page();
  await log.write(false);
  assert.equal((await written()).length, 1, "the hour is not over");
  clock.now += HOUR_MS;
  await page();
  await log.write(false);
  assert.deepEqual(
    (await written()).map(({ requests, people }) => [requests, people]),
    [
      [1, 3],
      [9, 27],
      [1, 3],
    ],
  );
});

test("a look at a school that is deleted before it is written is told of the platform", async () => {
  const { db, school, clock, log, written, read } = await scene();
  const look = () => read("people", "/users", OPERATOR, { query: { schoolId: school.id }, body: { items: [{}] } });
  await look();
  await log.write(false);
  const before = (await written()).length;
  assert.ok(before > 0);
  clock.now += HOUR_MS;
  await look();
  await db.deleteFrom("users").where("school_id", "=", school.id).execute();
  await db.deleteFrom("schools").where("id", "=", school.id).execute();
  await log.write(false);
  assert.equal((await written()).length, before);
  const told = await db.selectFrom("audit").selectAll().where("school_id", "is", null).where("target_id", "=", school.id).execute();
  assert.ok(told.length > 0);
});

test("an orderly stop loses nothing, and neither does a database that does not answer for a while", async () => {
  const { school, teacher, log, written, read } = await scene();
  await read("attendance", "/lessons/:lessonId/attendance", teacher, { params: { lessonId: "l1" } });
  await read("attendance", "/lessons/:lessonId/attendance", teacher, { params: { lessonId: "l2" } });
  const { db } = database;
  const away = new ReadingLog({ db: new Proxy(db, { get: () => assert.fail("no database") }), log: silentLog, now: Date.now });
  away.note({
    actor: teacher,
    reading: "people",
    operation: "o",
    schoolId: school.id,
    targetKind: "school",
    targetId: school.id,
    rows: 0,
  });
  await assert.rejects(away.write(false), /no database/);
  await assert.rejects(away.write(false), /no database/, "it is written again");
  await log.close();
  assert.deepEqual(
    (await written()).map(({ target }) => target),
    ["lesson l1", "lesson l2"],
  );
});

test("pupils, strangers and what people read of themselves are not in the log; everybody's archive is", async () => {
  const { db, school, teacher, log, written, read } = await scene();
  const pupil = actorOf(await insertUser(db, school.id, "student"));
  const stranger: Actor = { ...OPERATOR, kind: "nobody", role: null };
  for (const actor of [pupil, stranger])
    await read("recording", "/recordings/:recordingId", actor, { params: { recordingId: "r" } });
  const own = { params: { userId: teacher.id ?? "" } };
  await read("person", "/users/:userId", teacher, own);
  await read({ unlogged: "a reason" }, "/me", teacher);
  await read("archive", "/users/:userId/archive", teacher, own);
  await log.write(false);
  assert.deepEqual(
    (await written()).map(({ action }) => action),
    ["read.archive"],
  );
});

test("an operator who looks at a lesson, a list or a school has looked into the school; a list of all schools is none", async () => {
  const { db, school, log, written, read } = await scene();
  const other = await insertSchool(db);
  const lesson = await insertLesson(db, school.id);
  const unlogged = { unlogged: "nobody is named" };
  await read("attendance", "/lessons/:lessonId/attendance", OPERATOR, { params: { lessonId: lesson.id } });
  await read(unlogged, "/lessons/:lessonId/board", OPERATOR, { params: { lessonId: lesson.id } });
  await read(unlogged, "/courses", OPERATOR, { query: { schoolId: school.id } });
  await read(unlogged, "/lessons", OPERATOR, { body: { items: [{ schoolId: school.id }] } });
  await read("people", "/users", OPERATOR, { body: { items: [{ schoolId: school.id }, { schoolId: other.id }] } });
  await log.close();
  assert.deepEqual(
    (await written())
      .map(({ action, target, requests }) => `${action} ${target.replace(lesson.id, "L").replace(school.id, "S")} ${requests}`)
      .toSorted(),
    ["read.attendance lesson L 1", "read.people school S 1", "read.school school S 1", "read.school school S 2"],
  );
  const inOther = await db.selectFrom("audit").select("action").where("school_id", "=", other.id).execute();
  assert.deepEqual(inOther, [{ action: "read.people" }]);
});

test("a person who was erased since is not named", async () => {
  const { db, school, teacher, teacherRow, log, written, read } = await scene();
  await read("people", "/users", teacher);
  await db.transaction().execute(async (trx) => {
    await trx.updateTable("users").set(erasedColumns(teacherRow, new Date())).where("id", "=", teacherRow.id).execute();
    await eraseTraces(trx, teacherRow);
  });
  await log.close();
  const [entry] = await written();
  const row = await db.selectFrom("audit").select("actor_name").where("school_id", "=", school.id).executeTakeFirstOrThrow();
  assert.deepEqual([entry?.ip, row.actor_name], ["", "removed person"]);
});
