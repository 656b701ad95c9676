/** The space of recordings: quota, size limit, retention and the bin; and updates of recorded files. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { RecordingUpdate } from "../../../contracts/recordings/recording-messages.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { isOverQuota, usedBytes } from "../../foundation/schools/quota.ts";
import { Changes } from "../../foundation/store/change.ts";
import type { School } from "../../foundation/store/tables.ts";
import {
  insertLesson,
  insertSchool,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { RecordingRetention, type StorageUsageAlarm } from "./recording-retention.ts";
import { applyRecordingUpdate } from "./recording-update.ts";

const DAY_MS = 86_400_000;

let database: TestDatabase;
let changes: Changes;
let removed: string[];
let rules: string[];
let alarms: readonly StorageUsageAlarm[];
let failing: Set<string>;

before(async () => {
  database = await openTestDatabase();
  changes = new Changes(database.db, () => {});
});
after(() => database.close());
beforeEach(async () => {
  for (const table of ["recordings", "lessons", "schools"] as const) await database.db.deleteFrom(table).execute();
  removed = [];
  rules = [];
  alarms = [];
  failing = new Set();
});

function storageUsageService(retainDays = 0): RecordingRetention {
  return new RecordingRetention({
    db: database.db,
    changes,
    reportStorageUsage: (open) => {
      alarms = open;
    },
    log: silentLog,
    recordings: {
      remove: async ([file = ""]) => {
        if (failing.has(file)) throw new Error("the disk is not writable");
        removed.push(file);
      },
      ruleChanged: () => {},
    },
    policyNotices: { policyChanged: () => {} },
    streamRuleChanged: (app, name) => rules.push(`${app}/${name}`),
    retainDays: () => retainDays,
  });
}

async function record(
  school: School | null,
  file: string,
  { bytes = 10, days = 0, deletedDays = null as number | null, whole = true } = {},
): Promise<string> {
  const ago = (count: number) => new Date(Date.now() - count * DAY_MS);
  const row = { id: newId(), school_id: school?.id ?? null, lesson_id: null, app: "live", name: file, epoch: "e", title: file };
  const rest = { started_at: ago(days), seconds: 1, bytes, whole, files: json([file]), published: true, chapters: json([]) };
  await database.db
    .insertInto("recordings")
    .values({ ...row, ...rest, deleted_at: deletedDays === null ? null : ago(deletedDays) })
    .execute();
  return row.id;
}

async function check(space: RecordingRetention, school: School): Promise<void> {
  space.check(school.id);
  await space["working"];
}

const kept = async (inBin: boolean) =>
  (
    await database.db
      .selectFrom("recordings")
      .select("name")
      .where("deleted_at", inBin ? "is not" : "is", null)
      .orderBy("name")
      .execute()
  ).map(({ name }) => name);

test("recordings of a school count towards its quota, those in the bin too, those of others not", async () => {
  const [school, other] = [await insertSchool(database.db), await insertSchool(database.db)];
  await record(school, "a", { bytes: 60 });
  await record(school, "b", { bytes: 40, deletedDays: 1 });
  await record(other, "c", { bytes: 1000 });
  assert.equal(await usedBytes(database.db, school.id), 100);
  assert.deepEqual(await Promise.all([0, 99, 100, 101].map((quota) => isOverQuota(database.db, school.id, quota))), [
    false,
    true,
    true,
    false,
  ]);
});

test("reaching the quota raises an alarm and renews the streams' rules, once; falling below clears it", async () => {
  const school = await insertSchool(database.db, { quota_bytes: 100 });
  const lesson = await insertLesson(database.db, school.id);
  await insertLesson(database.db, school.id, { state: "ended" });
  const space = storageUsageService();
  await check(space, school);
  assert.deepEqual([alarms, rules], [[], []]);
  const id = await record(school, "a", { bytes: 100 });
  await check(space, school);
  await check(space, school);
  assert.deepEqual(
    alarms.map(({ code, subject, schoolId }) => [code, subject, schoolId]),
    [["quota-reached", school.id, school.id]],
  );
  assert.deepEqual(rules, [`live/${lesson.stream_name}`]);
  await database.db.deleteFrom("recordings").where("id", "=", id).execute();
  await check(space, school);
  assert.deepEqual([alarms.length, rules.length], [0, 2]);
});

test("over the size limit, the bin is deleted first, then the oldest, until the rest fits; unfinished ones stay", async () => {
  const school = await insertSchool(database.db, { keep_bytes: 25 });
  await record(school, "unfinished", { days: 9, whole: false, bytes: 5 });
  await record(school, "old", { days: 8 });
  await record(school, "new", { days: 1 });
  await record(school, "middle", { days: 4 });
  await record(school, "bin", { days: 1, deletedDays: 1 });
  await check(storageUsageService(), school);
  assert.deepEqual(removed, ["bin", "old"]);
  assert.deepEqual(await kept(false), ["middle", "new", "unfinished"]);
});

test("a recording whose files cannot be deleted stays, and the next oldest is deleted instead", async () => {
  const school = await insertSchool(database.db, { keep_bytes: 10 });
  await record(school, "stuck", { days: 8 });
  await record(school, "old", { days: 4 });
  failing.add("stuck");
  await check(storageUsageService(), school);
  assert.deepEqual([removed, await kept(false)], [["old"], ["stuck"]]);
});

test("old recordings move to the bin: after the school's own time, else the server's", async () => {
  const [own, other] = [await insertSchool(database.db, { keep_days: 5 }), await insertSchool(database.db)];
  await record(own, "own-6", { days: 6 });
  await record(own, "own-4", { days: 4 });
  await record(own, "own-unfinished", { days: 6, whole: false });
  await record(other, "other-11", { days: 11 });
  await record(other, "other-9", { days: 9 });
  const space = storageUsageService(10);
  await check(space, own);
  await check(space, other);
  assert.deepEqual(await kept(true), ["other-11", "own-6"]);
  assert.deepEqual(removed, []);
});

test("a sweep deletes what was in the bin too long, and retires recordings of no school", async () => {
  await record(null, "bin-31", { deletedDays: 31 });
  await record(null, "bin-29", { deletedDays: 29 });
  await record(null, "old", { days: 11 });
  const space = storageUsageService(10);
  await space.sweep(new Date(Date.now() - 30 * DAY_MS));
  assert.deepEqual([removed, await kept(true), await kept(false)], [["bin-31"], ["bin-29", "old"], []]);
});

function update(name: string, changed: Partial<RecordingUpdate> = {}): RecordingUpdate {
  const files = { node: "n", seconds: 1, bytes: 10, whole: false, files: ["n:a"], epochs: ["e"], spans: [[0, 1000]] as const };
  return { id: `r-${name}`, app: "live", name, epoch: "e", startedAt: 0, ...files, ...changed };
}

test("an update adds a recording of its lesson's school, under the lesson's title", async () => {
  const school = await insertSchool(database.db);
  const lesson = await insertLesson(database.db, school.id);
  assert.deepEqual(await applyRecordingUpdate(changes, update(lesson.stream_name)), { schoolId: school.id });
  const row = await database.db.selectFrom("recordings").selectAll().executeTakeFirstOrThrow();
  assert.deepEqual([row.title, row.lesson_id, row.published, row.whole], ["Fractions", lesson.id, true, false]);
});

test("an update without a change does nothing; a finished recording that continues leaves the bin", async () => {
  const [first, finished] = [update("s"), update("s", { whole: true, bytes: 20 })];
  assert.deepEqual(await applyRecordingUpdate(changes, first), { schoolId: null });
  assert.equal(await applyRecordingUpdate(changes, first), undefined);
  assert.deepEqual(await applyRecordingUpdate(changes, finished), { schoolId: null });
  await database.db.updateTable("recordings").set({ deleted_at: new Date() }).execute();
  assert.equal(await applyRecordingUpdate(changes, finished), undefined);
  assert.deepEqual(await kept(false), []);
  await applyRecordingUpdate(changes, { ...finished, whole: false, bytes: 30 });
  assert.deepEqual(await kept(false), ["s"]);
});

test("what candidates published is kept for the days of the examination after it has closed, and goes with the attempt, the guest and the examination", async () => {
  const { db } = database;
  const { id: school_id } = await insertSchool(db);
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS);
  const sat = async (file: string, closedDays: number, exam: object = {}, attempt: object = {}) => {
    const [exam_id, attempt_id] = [newId(), newId()];
    const supervision = json({ camera: "required" as const, screen: false, phone: false, keepDays: 7 });
    const times = { opens_at: ago(closedDays + 1), closes_at: ago(closedDays), seconds: 3600, facts: json([]) };
    const stream_name = `exam-${file.padEnd(16, "a")}`;
    await db
      .insertInto("exams")
      .values({
        id: exam_id,
        school_id,
        course_id: null,
        paper_id: null,
        title: file,
        code: file,
        stream_name,
        supervision,
        ...times,
        ...exam,
      })
      .execute();
    await db
      .insertInto("exam_attempts")
      .values({ id: attempt_id, exam_id, school_id, user_id: null, name: "A guest", seed: 1, ...attempt })
      .execute();
    const name = `${stream_name}~${attempt_id}-camera-1`;
    const row = { id: newId(), school_id, lesson_id: null, exam_id, attempt_id, app: "live", name, epoch: "e", title: file };
    const rest = {
      started_at: ago(closedDays),
      seconds: 1,
      bytes: 10,
      whole: true,
      files: json([file]),
      published: false,
      chapters: json([]),
    };
    await db
      .insertInto("recordings")
      .values({ ...row, ...rest })
      .execute();
    return attempt_id;
  };
  await sat("over", 8);
  await sat("kept", 6);
  await sat("longer", 8, { supervision: json({ camera: "required" as const, screen: false, phone: false, keepDays: 30 }) });
  await sat("deleted", 1, { deleted_at: new Date() });
  await sat("erased", 1, {}, { erased_at: new Date() });
  const attempt = await sat("attempt", 1);
  await db.deleteFrom("exam_attempts").where("id", "=", attempt).execute();
  const space = storageUsageService();
  await space.sweep(ago(30));
  assert.deepEqual(removed.toSorted(), ["attempt", "deleted", "erased", "over"]);
  const rows = await db.selectFrom("recordings").select("title").orderBy("title").execute();
  assert.deepEqual(
    rows.map(({ title }) => title),
    ["kept", "longer"],
  );
  await space.close();
});
