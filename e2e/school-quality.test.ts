/** Lesson quality through the API on each database: the report and its export, the rule for make-up lessons and what is decided. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { insertWatchedLesson } from "./fresh-quality.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const RULE = { enabled: true, stallSeconds: 180, viewerShare: 0.2 };

/** Lessons of two days, one of which fell short for 12 of 40 viewers. */
async function openTerm({ ok, person, service: { db } }: TestSchool) {
  const schoolId: string = (await ok("GET", "/schools")).items[0].id;
  const [head, teacher] = [await person(schoolId, "administrator"), await person(schoolId, "teacher")];
  const as = head.token;
  await ok("PUT", "/quality-rule", { as, body: RULE });
  const of = { schoolId, teacherId: teacher.id, viewers: 40 };
  await insertWatchedLesson(db, { ...of, title: "Angles", daysAgo: 1 });
  const short = await insertWatchedLesson(db, { ...of, title: "Fractions", daysAgo: 0, stalled: 12, failed: 2, complaints: 3 });
  return { as, short, teacher };
}

onPostgresFirst((open) => {
  test("the report has a row for each day, teacher and carrier, and the lessons of a teacher; the export has the same rows", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { as, short, teacher } = await openTerm(school);
    const rows = async (query: string) => (await ok("GET", `/reports/quality?${query}`, { as })).items;
    assert.equal((await rows("by=day")).length, 2);
    assert.deepEqual(
      (await rows("by=teacher")).map(({ key, lessons }: Row) => [key, lessons]),
      [[teacher.id, 2]],
    );
    const lessons: Row[] = await rows(`by=lesson&teacherId=${teacher.id}`);
    assert.deepEqual(
      lessons.filter(({ key }) => key === short).map(({ affected, completionRate }) => [affected, completionRate]),
      [[12, 0.95]],
    );
    const exported = await call("GET", "/reports/quality/export?by=carrier", { as });
    assert.match(exported.body, /^\uFEFF?key,name,lessons,viewers[\s\S]*telecom/);
    assert.equal((await rows("by=carrier")).length, 4);
  });

  test("a make-up lesson is approved by an administrator, which is taken back; under another rule it is no longer proposed", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { as, short } = await openTerm(school);
    const makeUps = async () => (await ok("GET", "/make-ups", { as })).items;
    const decide = (state: string) => ok("PUT", `/make-ups/${short}`, { as, body: { state } });
    assert.deepEqual(
      (await makeUps()).map(({ lessonId, state, viewers, affected }: MakeUp) => [lessonId, state, viewers, affected]),
      [[short, "proposed", 40, 12]],
    );
    const approved = await decide("approved");
    assert.deepEqual([approved.state, approved.decidedBy], ["approved", "The administrator"]);
    assert.match((await call("GET", "/make-ups/export?state=approved", { as })).body, /Fractions/);
    const proposed = await decide("proposed");
    assert.deepEqual([proposed.state, proposed.decidedAt, proposed.decidedBy], ["proposed", null, null]);
    await ok("PUT", "/quality-rule", { as, body: { ...RULE, viewerShare: 0.35 } });
    assert.equal((await ok("GET", "/quality-rule", { as })).viewerShare, 0.35);
    assert.deepEqual(await ok("POST", "/reports/recompute", { as }), { lessons: 2 });
    assert.deepEqual(await makeUps(), []);
  });
});

type Row = { readonly key: string; readonly lessons: number; readonly affected: number; readonly completionRate: number };
type MakeUp = { readonly lessonId: string; readonly state: string; readonly viewers: number; readonly affected: number };
