/** Lesson quality: who counts, how sessions of one viewer add up, repeats, proposals of make-up lessons, and reports. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import type { ViewMoment } from "../../../contracts/playback-sessions/view-batch.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import {
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import type { ViewSessionRow } from "../../foundation/store/view-tables.ts";
import { workOnce } from "../../foundation/work/test-work.ts";
import { keepComplaint } from "../playback-sessions/complaints.ts";
import { type Grouping, qualityReport } from "./quality-report.ts";
import { recomputeLessons } from "./recompute.ts";
import { rollUpLessons } from "./roll-up.ts";
import { rollUps } from "./roll-up-task.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const START = Date.UTC(2026, 10, 23, 17, 0, 0);
const END = START + 3_600_000;
const SPAN = { from: new Date(START - 1), to: new Date(START + 1) };

async function endedLesson(schoolId: string, teacherId: string | null = null) {
  const lesson = await insertLesson(database.db, schoolId, { state: "ended", teacher_id: teacherId });
  const times = { started_at: new Date(START), ended_at: new Date(END) };
  await database.db.updateTable("lessons").set(times).where("id", "=", lesson.id).execute();
  return lesson;
}

async function participant(lessonId: string, role: "student" | "teacher"): Promise<string> {
  const id = newId();
  const at = new Date(START);
  await database.db
    .insertInto("participants")
    .values({ id, lesson_id: lessonId, name: "P", role, joined_at: at, seen_at: at })
    .execute();
  return id;
}

async function watch(lesson: { id: string; school_id: string }, of: Partial<ViewSessionRow> = {}): Promise<void> {
  await database.db
    .insertInto("view_sessions")
    .values({
      id: newId(),
      cid: "live/math",
      lesson_id: lesson.id,
      school_id: lesson.school_id,
      participant_id: null,
      trace: "",
      node: "n",
      edge: "e:1",
      engine: "flv",
      device: "desktop",
      os: "",
      browser: "",
      line: "wifi",
      network: "",
      carrier: "telecom",
      region: "",
      started_at: new Date(START),
      last_at: new Date(END),
      ended_at: new Date(END),
      end_reason: "left",
      first_frame_ms: 300,
      complaint: null,
      watched_ms: 1000,
      heard_ms: 0,
      stalls: 0,
      stall_ms: 0,
      frames: 99,
      dropped_frames: 1,
      bytes: 0,
      switches: 0,
      reconnects: 0,
      errors: 0,
      ...of,
      moments: json<readonly ViewMoment[]>([]),
    })
    .execute();
}

const report = (by: Grouping, schoolId: string) => qualityReport(database.db, by, { schoolId, ...SPAN });

test("sessions of one student are one viewer, with the carrier watched by the longest; staff and replays do not count", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await endedLesson(school.id);
  const [student, teacher] = [await participant(lesson.id, "student"), await participant(lesson.id, "teacher")];
  const at = (minutes: number) => ({ last_at: new Date(START + minutes * 60_000) });
  await watch(lesson, { participant_id: student, carrier: "unicom", end_reason: "failed", stall_ms: 100_000, ...at(10) });
  await watch(lesson, { participant_id: student, watched_ms: 9000, stall_ms: 90_000, reconnects: 2, complaint: "X1", ...at(20) });
  await watch(lesson, { end_reason: "failed" });
  await watch(lesson, { participant_id: teacher, stall_ms: 1e6 });
  await watch(lesson, { cid: "vod/abc", stall_ms: 1e6 });
  await rollUpLessons(db, [lesson.id], new Date(END));
  const [row, ...others] = await report("carrier", school.id);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [row?.key, row?.viewers, row?.watchedMs, row?.stallMs, row?.disconnects, row?.affected, row?.complained, row?.completionRate],
    ["telecom", 2, 11_000, 190_000, 2, 1, 1, 0.5],
  );
});

test("reports of viewers whose player told nothing count as a rate of all who came, once for each player", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const [lesson, dark] = [await endedLesson(school.id), await endedLesson(school.id)];
  for (let i = 0; i < 7; i++) await watch(lesson);
  const seen = newId();
  await watch(lesson, { id: seen, carrier: "mobile" });
  const complain = (viewId: string | null, lessonId = lesson.id) =>
    keepComplaint(db, { number: newId().slice(-8), viewId, lessonId }, START);
  await complain(seen);
  for (const viewId of [null, newId()]) await complain(viewId);
  const silent = newId();
  for (let i = 0; i < 3; i++) await complain(silent);
  await complain(null, dark.id);
  await recomputeLessons(db, { schoolId: school.id, ...SPAN }, new Date(END));
  const figures = (rows: Awaited<ReturnType<typeof report>>) =>
    rows.map(({ key, viewers, complained, complainedWithoutView, complaintRate, completionRate }) => [
      ...[key, viewers, complained, complainedWithoutView, complaintRate, completionRate],
    ]);
  assert.deepEqual(figures(await report("lesson", school.id)), [
    [lesson.id, 8, 4, 3, 4 / 11, 1],
    [dark.id, 0, 1, 1, 1, null],
  ]);
  assert.deepEqual(figures(await report("carrier", school.id)), [
    ["telecom", 7, 0, 0, 0, 1],
    ["mobile", 1, 1, 0, 1, 1],
    ["", 0, 4, 4, 1, null],
  ]);
});

test("days are those of the school; a teacher's lessons add up", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  await db.updateTable("schools").set({ time_zone: "Asia/Shanghai" }).where("id", "=", school.id).execute();
  const teacher = await insertUser(db, school.id, "teacher");
  const lessons = [await endedLesson(school.id, teacher.id), await endedLesson(school.id, teacher.id)];
  for (const lesson of lessons) await watch(lesson);
  await watch(lessons[0]!, { carrier: "mobile" });
  await recomputeLessons(db, { schoolId: school.id, ...SPAN }, new Date(END));
  assert.deepEqual(
    (await report("day", school.id)).map(({ key, lessons: n, viewers }) => [key, n, viewers]),
    [["2026-11-24", 2, 3]],
  );
  assert.deepEqual(
    (await report("teacher", school.id)).map(({ key, lessons: n }) => [key, n]),
    [[teacher.id, 2]],
  );
  const narrowed = await qualityReport(db, "lesson", { schoolId: school.id, carrier: "mobile", ...SPAN });
  assert.deepEqual(
    narrowed.map(({ key, viewers }) => [key, viewers]),
    [[lessons[0]!.id, 1]],
  );
});

test("a make-up lesson is proposed by the rule, goes when the figures change, and a decision stays", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  await db
    .insertInto("quality_rules")
    .values({ school_id: school.id, enabled: true, stall_seconds: 180, viewer_share: 0.5 })
    .execute();
  const [bad, good] = [await endedLesson(school.id), await endedLesson(school.id)];
  for (const lesson of [bad, good]) await watch(lesson, { stall_ms: 180_001 });
  await watch(bad);
  for (let i = 0; i < 2; i++) await watch(good, { stall_ms: 180_000 });
  const states = async () =>
    (await db.selectFrom("make_ups").selectAll().where("school_id", "=", school.id).execute()).map((row) => [
      row.lesson_id,
      row.state,
      row.affected,
    ]);
  const compute = () => rollUpLessons(db, [bad.id, good.id], new Date(END));
  await compute();
  assert.deepEqual(await states(), [[bad.id, "proposed", 1]]);
  await db.updateTable("quality_rules").set({ viewer_share: 0.51 }).where("school_id", "=", school.id).execute();
  await compute();
  assert.deepEqual(await states(), []);
  await db.updateTable("quality_rules").set({ viewer_share: 0.5 }).where("school_id", "=", school.id).execute();
  await compute();
  await db.updateTable("make_ups").set({ state: "approved" }).where("school_id", "=", school.id).execute();
  await db.updateTable("quality_rules").set({ enabled: false }).where("school_id", "=", school.id).execute();
  await compute();
  assert.deepEqual(await states(), [[bad.id, "approved", 1]]);
});

test("the leader computes a lesson three minutes after its end, once more after an hour, and not again", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await endedLesson(school.id);
  const task = rollUps(db);
  const minute = 60_000;
  await workOnce(task, END);
  const viewersAt = async (minutes: number) => {
    await workOnce(task, END + minutes * minute);
    return (await report("lesson", school.id))[0]?.viewers ?? null;
  };
  await watch(lesson);
  assert.equal(await viewersAt(2), null);
  assert.equal(await viewersAt(4), 1);
  await watch(lesson);
  assert.equal(await viewersAt(30), 1);
  assert.equal(await viewersAt(61), 2);
  await watch(lesson);
  assert.equal(await viewersAt(300), 2);
});

test("lessons whose sessions are deleted keep their figures when the span is computed again", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await endedLesson(school.id);
  await watch(lesson);
  const span = { schoolId: school.id, ...SPAN };
  assert.equal(await recomputeLessons(db, span, new Date(END)), 1);
  await db.deleteFrom("view_sessions").where("lesson_id", "=", lesson.id).execute();
  assert.equal(await recomputeLessons(db, span, new Date(END)), 0);
  assert.equal((await report("lesson", school.id))[0]?.viewers, 1);
});

test("computing again changes nothing, and every grouping has the same sums", async () => {
  const { db } = database;
  const session = fc.record({
    lesson: fc.nat(1),
    carrier: fc.constantFrom("telecom", "mobile", ""),
    viewer: fc.option(fc.nat(2)),
    watched_ms: fc.nat(1e7),
    stall_ms: fc.nat(1e6),
    stalls: fc.nat(50),
    end_reason: fc.constantFrom("left", "failed", null),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(session, { minLength: 1, maxLength: 15 }), async (sessions) => {
      const school = await insertSchool(db);
      const lessons = [await endedLesson(school.id), await endedLesson(school.id)];
      const people = await Promise.all(lessons.map(({ id }) => Promise.all([0, 1, 2].map(() => participant(id, "student")))));
      for (const { lesson, viewer, ...of } of sessions)
        await watch(lessons[lesson]!, { ...of, participant_id: viewer === null ? null : people[lesson]![viewer]! });
      const span = { schoolId: school.id, ...SPAN };
      const sums = async (by: Grouping) => {
        const rows = await report(by, school.id);
        return (["viewers", "watchedMs", "stallMs", "stalls", "affected"] as const).map((key) =>
          rows.reduce((sum, row) => sum + row[key], 0),
        );
      };
      await recomputeLessons(db, span, new Date(END));
      const first = await report("lesson", school.id);
      await recomputeLessons(db, span, new Date(END));
      assert.deepEqual(await report("lesson", school.id), first);
      const expected = await sums("lesson");
      assert.equal(
        expected[1],
        sessions.reduce((sum, { watched_ms }) => sum + watched_ms, 0),
      );
      for (const by of ["day", "teacher", "course", "carrier"] as const) assert.deepEqual(await sums(by), expected, by);
    }),
    { numRuns: 20 },
  );
});
