/** Storing what viewers tell: sums, repeats, sessions of two workers, and what a school keeps. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { sql } from "kysely";
import type { ViewBatch, ViewCell, ViewSession, ViewSums } from "../../../contracts/playback-sessions/view-batch.ts";
import {
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { record } from "../analytics/test-lesson.ts";
import { complaintsOf, findComplaint, keepComplaint } from "./complaints.ts";
import { experienceOf } from "./experience.ts";
import { sweepPlaybackSessions } from "./view-retention.ts";
import { ViewStore } from "./view-store.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom("view_sessions").execute();
  await database.db.deleteFrom("view_minutes").execute();
});

const NOW = Date.UTC(2026, 10, 24, 8, 0, 0);
const SUMS: ViewSums = {
  watchedMs: 10_000,
  heardMs: 0,
  stalls: 0,
  stallMs: 0,
  frames: 250,
  droppedFrames: 0,
  bytes: 1000,
  switches: 0,
  reconnects: 0,
  errors: 0,
};
const cell = (of: Partial<ViewCell> = {}): ViewCell => ({
  cid: "live/math",
  minute: NOW,
  node: "n",
  carrier: "",
  region: "",
  engine: "flv",
  device: "desktop",
  beacons: 1,
  sessions: 1,
  firstFrames: {},
  stallLengths: {},
  ...SUMS,
  ...of,
});
const session = (of: Partial<ViewSession> = {}): ViewSession => ({
  sid: "s".repeat(20),
  trace: "1".repeat(32),
  cid: "live/math",
  viewer: null,
  node: "n",
  engine: "flv",
  edge: "e:1",
  device: { class: "desktop" },
  network: { type: "unknown" },
  network24: "10.0.0.0/24",
  carrier: "",
  region: "",
  startedAt: NOW,
  lastAt: NOW + 10_000,
  firstFrameMs: null,
  end: null,
  sums: SUMS,
  played: {},
  moments: [],
  ...of,
});
let batches = 0;
const batch = (of: Partial<ViewBatch>): ViewBatch => ({ id: `worker${batches++}.1`, cells: [], sessions: [], ...of });

test("figures of several batches, workers and histograms add up; a batch that comes again does not", async () => {
  const store = new ViewStore(database.db);
  const first = batch({ cells: [cell({ firstFrames: { 10: 1, 12: 2 } })] });
  await Promise.all([
    store.take(first),
    store.take(batch({ cells: [cell({ firstFrames: { 12: 1 } }), cell({ region: "广东" })] })),
    store.take(batch({ cells: [cell(), cell()] })),
  ]);
  await store.take(first);
  await store.take(batch({ cells: [cell({ firstFrames: { 3: 1 } })] }));
  const rows = await database.db.selectFrom("view_minutes").selectAll().orderBy("region").execute();
  assert.deepEqual(
    rows.map(({ region, watched_ms, beacons, first_frames }) => [region, watched_ms, beacons, first_frames]),
    [
      ["", 50_000, 5, { 3: 1, 10: 1, 12: 3 }],
      ["广东", 10_000, 1, {}],
    ],
  );
});

test("a batch that comes again after a restart, or to two control processes at once, is counted once; a later one is", async () => {
  const numbered = (number: number) => ({ ...batch({ cells: [cell()], sessions: [session()] }), id: `worker.${number}` });
  const [first, second] = [numbered(1), numbered(2)];
  await Promise.all([new ViewStore(database.db).take(first), new ViewStore(database.db).take(first)]);
  await new ViewStore(database.db).take(second);
  await new ViewStore(database.db).take(second);
  await new ViewStore(database.db).take(first);
  const { watched_ms, beacons } = await database.db.selectFrom("view_minutes").selectAll().executeTakeFirstOrThrow();
  assert.deepEqual([watched_ms, beacons], [20_000, 2]);
  const row = await database.db.selectFrom("view_sessions").selectAll().executeTakeFirstOrThrow();
  assert.equal(row.watched_ms, 20_000);
});

test("a lesson that is deleted meanwhile, and a batch that cannot be stored, keep no other figures back", async () => {
  const school = await insertSchool(database.db);
  const lesson = await insertLesson(database.db, school.id);
  const cid = `live/${lesson.stream_name}`;
  const store = new ViewStore(database.db);
  await store.take(batch({ cells: [cell({ cid })], sessions: [session({ cid, sid: "g".repeat(20) })] }));
  await database.db.deleteFrom("lessons").where("id", "=", lesson.id).execute();
  assert.equal((await database.db.selectFrom("view_sessions").selectAll().execute()).length, 0, "its sessions go with it");
  // The database has no room for a character of zero.
  const broken = batch({ cells: [cell({ node: "\0" })] });
  const [gone, refused, taken] = await Promise.allSettled([
    store.take(batch({ cells: [cell({ cid })], sessions: [session({ cid, sid: "g".repeat(20) })] })),
    store.take(broken),
    store.take(batch({ cells: [cell()], sessions: [session()] })),
  ]);
  assert.deepEqual([gone.status, refused.status, taken.status], ["fulfilled", "rejected", "fulfilled"]);
  const rows = await database.db.selectFrom("view_minutes").select(["cid", "lesson_id", "watched_ms"]).orderBy("cid").execute();
  assert.deepEqual(
    rows.map((row) => [row.cid, row.lesson_id, row.watched_ms]).sort(),
    [
      [cid, null, 10_000],
      ["live/math", null, 10_000],
    ].sort(),
  );
  const sessions = await database.db.selectFrom("view_sessions").select("cid").execute();
  assert.deepEqual(sessions, [{ cid: "live/math" }], "nobody knows what the school of a deleted lesson kept");
});

test("sums of many grow beyond what an integer holds", async () => {
  const store = new ViewStore(database.db);
  const many = { stalls: 2_000_000_000, switches: 2_000_000_000, bytes: 4e15 };
  for (let i = 0; i < 2; i++) await store.take(batch({ cells: [cell(many)], sessions: [session({ sums: { ...SUMS, ...many } })] }));
  const minute = await database.db.selectFrom("view_minutes").selectAll().executeTakeFirstOrThrow();
  assert.deepEqual([minute.stalls, minute.switches, minute.bytes], [4_000_000_000, 4_000_000_000, 8e15]);
});

test("nobody adds to a session of another stream or viewer", async () => {
  const store = new ViewStore(database.db);
  await store.take(batch({ sessions: [session()] }));
  await store.take(batch({ sessions: [session({ cid: "live/other" })] }));
  await store.take(batch({ sessions: [session({ trace: "f".repeat(32) })] }));
  const [row, ...others] = await database.db.selectFrom("view_sessions").selectAll().execute();
  assert.deepEqual([row?.watched_ms, row?.cid, others.length], [10_000, "live/math", 0]);
});

test("two workers tell of one session: it is one row, and the later word on its end counts", async () => {
  const store = new ViewStore(database.db);
  const ended = session({ end: "left", firstFrameMs: 300 });
  const later = session({ lastAt: NOW + 20_000 });
  await Promise.all([store.take(batch({ sessions: [ended] })), store.take(batch({ sessions: [later] }))]);
  const [row, ...others] = await database.db.selectFrom("view_sessions").selectAll().execute();
  assert.equal(others.length, 0);
  assert.deepEqual(
    [row?.watched_ms, row?.first_frame_ms, row?.ended_at, row?.last_at],
    [20_000, 300, null, new Date(NOW + 20_000)],
  );
  await store.take(batch({ sessions: [session({ end: "left", lastAt: NOW + 15_000 })] }));
  const again = await database.db.selectFrom("view_sessions").selectAll().executeTakeFirstOrThrow();
  assert.equal(again.ended_at, null, "an end that is older than what was heard since");
});

test("a school keeps names, only sessions, or only figures", async () => {
  for (const [keeps, rows, named] of [
    ["names", 1, true],
    ["anonymous", 1, false],
    ["none", 0, false],
  ] as const) {
    const school = await insertSchool(database.db);
    await database.db.updateTable("schools").set({ view_details: keeps }).where("id", "=", school.id).execute();
    const lesson = await insertLesson(database.db, school.id);
    const joined = { lesson_id: lesson.id, name: "Mei", role: "guest" as const, by_code: true };
    const participant = { id: `p${keeps}`.padEnd(16, "0"), ...joined, seen_at: new Date(), joined_at: new Date() };
    await database.db.insertInto("participants").values(participant).execute();
    const cid = `live/${lesson.stream_name}`;
    const store = new ViewStore(database.db);
    const told = session({ sid: `s-${keeps}`.padEnd(20, "0"), cid, viewer: participant.id });
    await store.take(batch({ cells: [cell({ cid })], sessions: [told] }));
    const found = await database.db.selectFrom("view_sessions").selectAll().where("lesson_id", "=", lesson.id).execute();
    assert.equal(found.length, rows, keeps);
    if (rows > 0) assert.deepEqual([found[0]?.participant_id !== null, found[0]?.network !== ""], [named, named], keeps);
    const seen = await experienceOf(database.db, { lessonId: lesson.id, from: new Date(0), to: new Date(NOW * 2) }, NOW);
    assert.equal(seen.watchedMs, 10_000, `${keeps}: the figures are there`);
  }
});

test("the experience of a lesson that nobody has watched is all zeros", async () => {
  const seen = await experienceOf(database.db, { lessonId: "0".repeat(26), from: new Date(0), to: new Date(NOW) }, NOW);
  assert.deepEqual([seen.sessions, seen.watchedMs, seen.stallMs, seen.viewers, seen.complaints], [0, 0, 0, 0, 0]);
  assert.deepEqual(
    [seen.stallRatio, seen.droppedShare, seen.firstFrameMs, seen.minutes],
    [null, null, { p50: null, p95: null }, []],
  );
});

test("the experience of a span has its totals, minutes, quantiles and divisions", async () => {
  const store = new ViewStore(database.db);
  await store.take(
    batch({
      cells: [
        cell({ firstFrames: { 34: 9 }, region: "广东" }),
        cell({ minute: NOW + 60_000, engine: "hls", stallMs: 10_000, stalls: 2, firstFrames: { 46: 1 } }),
      ],
      sessions: [session()],
    }),
  );
  const span = { schoolId: null, from: new Date(NOW), to: new Date(NOW + 120_000) };
  const seen = await experienceOf(database.db, span, NOW + 20_000);
  assert.deepEqual([seen.watchedMs, seen.stallMs, seen.stallRatio, seen.viewers, seen.sessions], [20_000, 10_000, 1 / 3, 1, 2]);
  assert.deepEqual(
    seen.minutes.map(({ at, stalls, watching }) => [at.getTime() - NOW, stalls, watching]),
    [
      [0, 0, 0.2],
      [60_000, 2, 0.2],
    ],
  );
  assert.deepEqual(
    seen.by.engine.map(({ name, stalls }) => [name, stalls]),
    [
      ["flv", 0],
      ["hls", 2],
    ],
  );
  assert.deepEqual(seen.by.region.map(({ name }) => name).sort(), ["", "广东"]);
  assert.ok(Math.abs((seen.firstFrameMs.p50 ?? 0) - 332) < 40, `${seen.firstFrameMs.p50}`);
  assert.ok((seen.firstFrameMs.p95 ?? 0) > 2000);
});

test("a report's number finds its session, also where the session's first beacon comes later", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id);
  const cid = `live/${lesson.stream_name}`;
  const [early, late, other] = ["early", "late", "other"].map((name) => name.padEnd(20, "0")) as [string, string, string];
  const store = new ViewStore(db);
  const told = (sid: string) => store.take(batch({ sessions: [session({ sid, cid })] }));
  const report = (number: string, viewId: string, lessonId = lesson.id, now = NOW) =>
    keepComplaint(db, { number, viewId, lessonId }, now);
  await Promise.all([told(early), told(other)]);
  await report("AAAAAAA2", early);
  await report("AAAAAAA3", late);
  await report("AAAAAAA4", early, lesson.id, NOW + 60_000);
  await report("AAAAAAA5", other, (await insertLesson(db, school.id)).id);
  await report("AAAAAAA6", other, "0".repeat(16));
  await told(late);
  const rows = await db.selectFrom("view_sessions").select(["id", "complaint"]).where("lesson_id", "=", lesson.id).execute();
  assert.deepEqual(
    Object.fromEntries(rows.map(({ id, complaint }) => [id, complaint])),
    { [early]: "AAAAAAA2", [late]: "AAAAAAA3", [other]: null },
    "the first report counts; one that names another lesson does not",
  );
  assert.deepEqual(await findComplaint(db, "AAAAAAA4"), { viewId: early, lessonId: lesson.id, at: new Date(NOW + 60_000) });
  assert.equal(await findComplaint(db, "AAAAAAA6"), null, "of no lesson");
  assert.deepEqual(
    (await complaintsOf(db, early)).map(({ number }) => number),
    ["AAAAAAA2", "AAAAAAA4"],
  );
});

test("what was played of a recording is counted for all, and by student where the school keeps names; a repeated batch is not", async () => {
  const { db } = database;
  const store = new ViewStore(db);
  for (const [keeps, people] of [
    ["names", [{ 0: 5000, 1: 7000 }]],
    ["anonymous", []],
    ["none", []],
  ] as const) {
    const school = await insertSchool(db);
    await db.updateTable("schools").set({ view_details: keeps }).where("id", "=", school.id).execute();
    const [student, teacher] = [await insertUser(db, school.id, "student"), await insertUser(db, school.id, "teacher")];
    const stranger = await insertUser(db, (await insertSchool(db)).id, "student");
    const lesson = await insertLesson(db, school.id);
    const recording = await record(db, lesson);
    const played = (viewer: string | null, minutes: Record<number, number>) =>
      session({ sid: `${batches}-${viewer}`.padEnd(20, "0"), cid: `vod/${recording}`, viewer, played: minutes });
    const repeated = batch({ sessions: [played(student.id, { 0: 2000, 1: 7000 }), played(null, { 1: 1000 })] });
    await Promise.all([
      store.take(repeated),
      store.take(batch({ sessions: [played(student.id, { 0: 3000 }), played(teacher.id, { 2: 1 })] })),
      store.take(batch({ sessions: [played(stranger.id, { 2: 9 }), session({ cid: "vod/gone", played: { 0: 1 } })] })),
    ]);
    await store.take(repeated);
    const minutes = await db.selectFrom("recording_minutes").selectAll().where("recording_id", "=", recording).execute();
    assert.deepEqual(
      minutes.toSorted((a, b) => a.minute - b.minute).map(({ minute, played_ms }) => [minute, played_ms]),
      [
        [0, 5000],
        [1, 8000],
        [2, 10],
      ],
      keeps,
    );
    const views = await db.selectFrom("replay_views").selectAll().where("recording_id", "=", recording).execute();
    assert.deepEqual(
      [views.map((view) => view.minutes), views.every(({ user_id }) => user_id === student.id)],
      [people, true],
      keeps,
    );
  }
});

test("what a session told every ten seconds is deleted after 30 days, and everything after 400", async () => {
  const { db } = database;
  const store = new ViewStore(db);
  const aged = (days: number) => NOW - days * 86_400_000;
  const ages = [29, 31, 399, 401];
  const sessions = ages.map((days) => session({ sid: `age-${days}`.padEnd(20, "0"), startedAt: aged(days) }));
  await store.take(batch({ sessions, cells: ages.map((days) => cell({ minute: aged(days) })) }));
  await sql`update view_sessions set moments = '[{"at": 1}]' where started_at > ${new Date(aged(100))}`.execute(db);
  await sweepPlaybackSessions(db, NOW);
  await sweepPlaybackSessions(db, NOW);
  const left = await db.selectFrom("view_sessions").selectAll().orderBy("started_at", "desc").execute();
  assert.deepEqual(
    left.map(({ started_at, moments }) => [(NOW - started_at.getTime()) / 86_400_000, moments.length]),
    [
      [29, 1],
      [31, 0],
      [399, 0],
    ],
  );
  assert.equal((await db.selectFrom("view_minutes").selectAll().execute()).length, 3);
});
