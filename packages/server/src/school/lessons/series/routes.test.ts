/** The routes of series of lessons and of holidays: who reaches what, versions, the three scopes of a change, and the preview. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import type { Access, Actor } from "../../../access/actor.ts";
import { registerRoute } from "../../../platform/api/route.ts";
import { createApiServer } from "../../../platform/api/server.ts";
import { Changes } from "../../foundation/store/change.ts";
import {
  actorOf,
  insertCourse,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { calendarEntryRoutes } from "../calendar/entry-routes.ts";
import type { LessonContext } from "../change-lesson.ts";
import { lessonSeriesRoutes } from "./routes.ts";

let database: TestDatabase;
let app: ReturnType<typeof createApiServer>;
const actors = new Map<string, Actor>();

before(async () => {
  database = await openTestDatabase();
  const { db } = database;
  const changes = new Changes(db, () => {});
  const none = () => {};
  // The routes need no more of the services.
  const context = { db, changes, streams: { ruleChanged: none }, hourly: { admit: async () => {} } } as unknown as LessonContext;
  app = createApiServer({ log: silentLog, createServer: (handler) => createServer(handler) });
  for (const route of [...lessonSeriesRoutes(context), ...calendarEntryRoutes(context)])
    registerRoute<Access, Actor>(app, route, {
      admit: async ({ headers }) => actors.get(String(headers["x-test-actor"])) ?? assert.fail("nobody"),
      credentialOf: () => null,
      isSecure: () => true,
      ipOf: () => "10.0.0.1",
      originOf: () => "https://school.example",
    });
});
after(async () => {
  await app.close();
  await database.close();
});

async function openScene() {
  const { db } = database;
  const school = await insertSchool(db);
  const [head, wang, li] = [
    await insertUser(db, school.id, "administrator"),
    await insertUser(db, school.id, "teacher"),
    await insertUser(db, school.id, "teacher"),
  ];
  for (const user of [head, wang, li]) actors.set(user.id, actorOf(user));
  const call = async (as: string, method: "GET" | "POST" | "PATCH" | "DELETE", url: string, body?: object, ifMatch?: string) => {
    const headers = { "x-test-actor": as, ...(ifMatch ? { "if-match": ifMatch } : {}) };
    const answer = await app.inject({ method, url: `/api/v1${url}`, headers, ...(body ? { payload: body } : {}) });
    return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
  };
  const times = { weekly: [{ days: [1, 4], from: "09:00", to: "09:45" }], startsOn: "2090-03-06" };
  return { db, school, head: head.id, wang: wang.id, li: li.id, call, times };
}

test("a teacher makes a series of the own lessons, which administrators and teachers of its course reach, and others do not", async () => {
  const { call, db, head, li, school, times, wang } = await openScene();
  const made = await call(wang, "POST", "/lesson-series", { title: "Maths", ...times, count: 3 });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { id } = made.body;
  assert.deepEqual([made.body.teacherId, made.body.upcoming, made.body.timeZone], [wang, 3, "UTC"]);
  assert.equal(made.body.nextAt, "2090-03-06T09:00:00.000Z");
  assert.equal((await call(head, "GET", `/lesson-series/${id}`)).status, 200);
  assert.equal((await call(li, "GET", `/lesson-series/${id}`)).status, 404);
  const course = await insertCourse(db, school.id);
  await db.insertInto("course_members").values({ course_id: course.id, user_id: li, role: "teacher" }).execute();
  assert.equal((await call(head, "PATCH", `/lesson-series/${id}`, { courseId: course.id })).status, 200);
  assert.equal((await call(li, "GET", `/lesson-series/${id}`)).status, 200);
  assert.equal((await call(li, "GET", `/lesson-series?courseId=${course.id}`)).body.items.length, 1);
});

test("a series is changed by the version that was read; from a day on, the answer is the series of those that follow", async () => {
  const { call, head, times } = await openScene();
  const { id } = (await call(head, "POST", "/lesson-series", { title: "Maths", ...times, count: 6 })).body;
  const changed = await call(head, "PATCH", `/lesson-series/${id}`, { title: "Algebra" }, '"v1"');
  assert.deepEqual([changed.status, changed.body.version, changed.body.upcoming], [200, 2, 6]);
  assert.equal((await call(head, "PATCH", `/lesson-series/${id}`, { title: "Old" }, '"v1"')).status, 412);
  const later = await call(head, "POST", `/lesson-series/${id}/following`, { from: "2090-03-13", title: "Geometry" });
  assert.deepEqual([later.status, later.body.title, later.body.count, later.body.upcoming], [200, "Geometry", 4, 4]);
  assert.notEqual(later.body.id, id);
  assert.equal((await call(head, "POST", `/lesson-series/${id}/following`, { from: "2090-03-07" })).status, 404);
  const ended = await call(head, "POST", `/lesson-series/${later.body.id}/end`, { from: "2090-03-16" });
  assert.deepEqual([ended.status, ended.body.endsOn, ended.body.upcoming], [200, "2090-03-15", 1]);
  assert.equal((await call(head, "DELETE", `/lesson-series/${id}`)).status, 204);
  assert.equal((await call(head, "GET", `/lesson-series/${id}`)).status, 404);
});

test("lessons are left out and taken back by the list of exceptions", async () => {
  const { call, head, times } = await openScene();
  const { id } = (await call(head, "POST", "/lesson-series", { title: "Maths", ...times, count: 4 })).body;
  const left = await call(head, "PATCH", `/lesson-series/${id}`, { exceptions: ["2090-03-09"] });
  assert.deepEqual([left.body.exceptions, left.body.upcoming], [["2090-03-09"], 3]);
  const back = await call(head, "PATCH", `/lesson-series/${id}`, { exceptions: [] });
  assert.deepEqual([back.body.exceptions, back.body.upcoming], [[], 4]);
});

test("a preview counts the lessons, names the holidays, and finds the other lessons of the teacher at the same time", async () => {
  const { call, db, head, school, times, wang } = await openScene();
  const holiday = { kind: "holiday", name: "Qingming", startsOn: "2090-03-13", endsOn: "2090-03-14" };
  assert.equal((await call(head, "POST", "/calendar-entries", holiday)).status, 201);
  const starts_at = new Date("2090-03-09T09:30:00Z");
  const other = await insertLesson(db, school.id, { teacher_id: wang, starts_at });
  const ask = { ...times, endsOn: "2090-03-20", teacherId: wang };
  const { body } = await call(head, "POST", "/lesson-series/preview", ask);
  assert.deepEqual([body.count, body.lastDay, body.conflictCount], [4, "2090-03-20", 1]);
  assert.deepEqual(body.holidays, [{ day: "2090-03-13", name: "Qingming" }]);
  assert.deepEqual(body.conflicts[0].lessonId, other.id);
  const same = await call(head, "POST", "/lesson-series/preview", { ...ask, lessonId: other.id });
  assert.equal(same.body.conflictCount, 0, "the lesson that is changed is no conflict of itself");
});

test("wrong patterns are refused with the field: an end before the beginning, two lessons at once, a day that is none", async () => {
  const { call, head, times } = await openScene();
  const paths = async (body: object) => {
    const answer = await call(head, "POST", "/lesson-series", { title: "Maths", ...times, ...body });
    return [answer.status, answer.body.errors?.[0]?.path];
  };
  assert.deepEqual(await paths({ endsOn: "2090-03-05" }), [400, "endsOn"]);
  assert.deepEqual(await paths({ startsOn: "2090-02-30" }), [400, "startsOn"]);
  assert.deepEqual(await paths({ weekly: [...times.weekly, { days: [4], from: "09:00", to: "10:00" }] }), [400, "weekly"]);
  assert.deepEqual(await paths({ timeZone: "Mars/Olympus" }), [400, "timeZone"]);
});

test("a change that ends a series before its first day, or before the day from which it holds, is refused in words", async () => {
  const { call, head, times } = await openScene();
  const made = await call(head, "POST", "/lesson-series", { title: "Maths", ...times, endsOn: "2090-03-20" });
  const path = `/lesson-series/${made.body.id}`;
  for (const body of [{ endsOn: "2090-03-05" }, { startsOn: "2090-03-21" }]) {
    const refused = await call(head, "PATCH", path, body);
    assert.deepEqual([refused.status, refused.body.detail], [400, "`endsOn` must not be before `startsOn`."]);
  }
  const following = await call(head, "POST", `${path}/following`, { from: "2090-03-13", endsOn: "2090-03-12" });
  assert.deepEqual([following.status, following.body.errors?.[0]?.path], [400, "endsOn"]);
  assert.equal((await call(head, "PATCH", path, { endsOn: null })).status, 200);
});

test("holidays are the school's: teachers read them, administrators change them", async () => {
  const { call, head, wang } = await openScene();
  const entry = { kind: "term", name: "Spring", startsOn: "2090-03-01", endsOn: "2090-06-30" };
  const { id } = (await call(head, "POST", "/calendar-entries", entry)).body;
  assert.equal((await call(wang, "GET", `/calendar-entries/${id}`)).body.name, "Spring");
  assert.equal((await call(head, "PATCH", `/calendar-entries/${id}`, { endsOn: "2090-02-01" })).status, 400);
  assert.equal((await call(head, "PATCH", `/calendar-entries/${id}`, { endsOn: "2090-07-01" })).body.endsOn, "2090-07-01");
  assert.equal((await call(head, "DELETE", `/calendar-entries/${id}`)).status, 204);
});
