/**
 * Analytics through the API on each database: a lesson, a school's days, a student's term; who may read what; deletion and the school's settings.
 * Shares a process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  attend,
  endedLesson,
  MINUTE_MS,
  quiz,
  record,
  START,
  say,
  watch,
} from "../packages/server/src/school/insight/analytics/test-lesson.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const SPAN = `from=${new Date(START - MINUTE_MS).toISOString()}&to=${new Date(START + 24 * 60 * MINUTE_MS).toISOString()}`;

/** A course with a lesson of an hour: Anna saw its first half and answered, Ben did not come. */
async function openTerm({ ok, person, service: { db } }: TestSchool) {
  const schoolId: string = (await ok("GET", "/schools")).items[0].id;
  const [head, teacher] = [await person(schoolId, "administrator"), await person(schoolId, "teacher")];
  const [anna, ben] = [await person(schoolId, "student", "anna"), await person(schoolId, "student", "ben")];
  const { id: courseId } = await ok("POST", "/courses", { body: { schoolId, name: "Maths" } });
  for (const [{ id }, role] of [[teacher, "teacher"] as const, [anna, "student"] as const, [ben, "student"] as const])
    await ok("PUT", `/courses/${courseId}/members/${id}`, { body: { role } });
  const lesson = await endedLesson(db, schoolId, { courseId, teacherId: teacher.id });
  const inRoom = await attend(db, lesson, { userId: anna.id }, [0, 30]);
  await watch(db, lesson, inRoom, 0, 30);
  await say(db, lesson, inRoom, "chat");
  await quiz(db, lesson, { [inRoom]: true });
  const recording = await record(db, lesson, [
    { seconds: 0, title: "One" },
    { seconds: 1800, title: "Two" },
  ]);
  const recompute = () => ok("POST", `/reports/recompute?schoolId=${schoolId}&${SPAN}`);
  return { schoolId, head, teacher, anna, ben, courseId, lesson, recording, recompute };
}

const days = "from=2026-11-20&to=2026-11-30";

onPostgresFirst((open) => {
  test("a lesson, its ranking and its exports are its staff's, as the school has it", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { schoolId, head, teacher, anna, lesson } = await openTerm(school);
    const as = teacher.token;
    const path = `/reports/lessons/${lesson.id}`;
    const seen = await ok("GET", path, { as });
    assert.deepEqual(
      [seen.expected, seen.came, seen.people, seen.viewers, seen.peak, seen.lines, seen.answers],
      [2, 1, 1, 1, 1, 1, 1],
    );
    assert.deepEqual([seen.minutes.length, seen.minutes[29].present, seen.ranking], [30, 1, true]);
    const ranked = await ok("GET", `${path}/ranking?by=watched&limit=1`, { as });
    assert.deepEqual(
      ranked.items.map(({ userId, watchedMs }: Ranked) => [userId, watchedMs]),
      [[anna.id, 30 * MINUTE_MS]],
    );
    assert.equal((await call("GET", `${path}/ranking?cursor=x`, { as })).status, 400);
    assert.match((await call("GET", `${path}/export`, { as })).body, /The student/);
    assert.match(
      (await call("GET", `${path}/export?table=minutes`, { as })).body,
      /at,present,watching\r\n2026-11-23T09:00:00.000Z,1,1/,
    );
    assert.equal((await call("GET", path, { as: anna.token })).status, 403);
    await ok("PATCH", `/schools/${schoolId}`, { as: head.token, body: { lessonRanking: false } });
    const refused = await call("GET", `${path}/ranking`, { as });
    assert.deepEqual([refused.status, refused.body.code, (await ok("GET", path, { as })).ranking], [403, "refused-by-rule", false]);
  });

  test("a school's days are computed from its lessons, again with the same result, and without those that are deleted", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { head, teacher, courseId, lesson, recompute } = await openTerm(school);
    const as = head.token;
    assert.deepEqual(await recompute(), { lessons: 1 });
    const read = async () => (await ok("GET", `/reports/analytics?${days}`, { as })).items;
    const once = await read();
    assert.deepEqual(
      once.map(({ key, lessons, viewers, watchedMs, peak }: Day) => [key, lessons, viewers, watchedMs, peak]),
      [["2026-11-23", 1, 1, 30 * MINUTE_MS, 1]],
    );
    await Promise.all([recompute(), recompute()]);
    assert.deepEqual(await read(), once);
    const [course] = (await ok("GET", `/reports/analytics?by=course&courseId=${courseId}&${days}`, { as })).items;
    assert.deepEqual([course.key, course.name], [courseId, "Maths"]);
    assert.match((await call("GET", `/reports/analytics/export?by=teacher&${days}`, { as })).body, new RegExp(teacher.id));
    assert.equal((await call("GET", "/reports/analytics?from=2026-11-30&to=2026-11-20", { as })).status, 400);
    await ok("DELETE", `/lessons/${lesson.id}`, { as });
    await recompute();
    assert.deepEqual(await read(), []);
  });

  test("a student and their staff read what was missed; erasing the student takes it away, and keeps the lesson's figures", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { head, teacher, anna, ben, lesson, recording } = await openTerm(school);
    const path = `/reports/students/${anna.id}`;
    for (const as of [anna.token, teacher.token, head.token]) {
      const own = await ok("GET", `${path}?${SPAN}`, { as });
      assert.deepEqual([own.lessons, own.attended, own.answered, own.correct, own.catchUp.length], [1, 1, 1, 1, 1]);
      assert.equal(own.catchUp[0].path, `/console/record?recording=${recording}&at=1800`);
    }
    const { items, nextCursor } = await ok("GET", `${path}/lessons?${SPAN}&limit=1`, { as: anna.token });
    assert.deepEqual([items[0].outcome, items[0].recordings[0].sections[1].seen, nextCursor], ["attended", 0, null]);
    assert.match((await call("GET", `${path}/export?${SPAN}`, { as: teacher.token })).body, /attended,1800000,1800000,0,1,1,1,1/);
    assert.equal((await call("GET", path, { as: ben.token })).status, 404);
    await school.service.db
      .insertInto("replay_views")
      .values({ user_id: anna.id, recording_id: recording, minutes: '{"30":60000}' as never, played_at: new Date() })
      .execute();
    const where = { network: "10.0.0.0/24", os: "iOS", browser: "Safari" };
    await school.service.db.updateTable("view_sessions").set(where).execute();
    const archive = await ok("GET", `/users/${anna.id}/archive`, { as: anna.token });
    assert.deepEqual(
      [archive.views.length, archive.views[0].network, archive.replays[0].minutes],
      [1, "10.0.0.0/24", { 30: 60_000 }],
    );
    await ok("POST", `/users/${anna.id}/erase`, { as: head.token, body: { login: "anna" } });
    const replays = await school.service.db.selectFrom("replay_views").selectAll().execute();
    const left = await school.service.db.selectFrom("view_sessions").select(["network", "os", "browser"]).execute();
    assert.deepEqual([replays, left], [[], [{ network: "", os: "", browser: "" }]]);
    const after = await ok("GET", `/reports/lessons/${lesson.id}`, { as: teacher.token });
    assert.deepEqual([after.people, after.viewers], [1, 1]);
  });
});

type Ranked = { readonly userId: string; readonly watchedMs: number };
type Day = {
  readonly key: string;
  readonly lessons: number;
  readonly viewers: number;
  readonly watchedMs: number;
  readonly peak: number;
};
