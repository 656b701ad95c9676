/** Which permissions end with which change, and that every change has the media workers hear of it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newId } from "../../platform/id.ts";
import { json } from "../../platform/store/store.ts";
import { Changes } from "../foundation/store/change.ts";
import { SYSTEM } from "../foundation/store/requester.ts";
import type { Course, Lesson, School, User } from "../foundation/store/tables.ts";
import {
  insertCourse,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../foundation/store/test-database.ts";
import { GUEST_VIEWER } from "./ended-permissions.ts";
import { PermissionReview } from "./permission-review.ts";
import { recordingInfo } from "./recordings/recording-info.ts";
import { streamPolicy } from "./stream-policy.ts";

let database: TestDatabase;
let school: School;

before(async () => {
  database = await openTestDatabase();
  school = await insertSchool(database.db);
});
after(() => database.close());

type Scene = {
  readonly course: Course;
  readonly lesson: Lesson;
  readonly student: User;
  readonly teacher: User;
  readonly recordingId: string;
  /** Participants by name. */
  readonly present: Readonly<Record<"student" | "teacher" | "guest", string>>;
};

/** A lesson with a student, a teacher and a guest, all of whom also opened its recording. */
async function scene(): Promise<Scene> {
  const { db } = database;
  const [student, teacher] = [await insertUser(db, school.id, "student"), await insertUser(db, school.id, "teacher")];
  const course = await insertCourse(db, school.id, [student, teacher]);
  const lesson = await insertLesson(db, school.id, { course_id: course.id });
  const join = async (user: User | null) => {
    const row = { id: newId(), lesson_id: lesson.id, user_id: user?.id ?? null, name: "N", role: user?.role ?? ("guest" as const) };
    const now = new Date();
    await db
      .insertInto("participants")
      .values({ ...row, token_hash: null, joined_at: now, seen_at: now, by_code: user === null })
      .execute();
    return row.id;
  };
  const recordingId = newId();
  const of = { id: recordingId, school_id: school.id, lesson_id: lesson.id, app: "live", name: lesson.stream_name, epoch: "e" };
  const rest = { title: "T", started_at: new Date(), seconds: 1, bytes: 1, whole: true, files: json([]), chapters: json([]) };
  await db
    .insertInto("recordings")
    .values({ ...of, ...rest, published: true })
    .execute();
  for (const { id } of [student, teacher])
    await db.insertInto("recording_viewers").values({ recording_id: recordingId, user_id: id, opened_at: new Date() }).execute();
  const present = { student: await join(student), teacher: await join(teacher), guest: await join(null) };
  return { course, lesson, student, teacher, recordingId, present };
}

/** Who of a scene is out, in the lesson and in its recording. */
async function out({ lesson, student, teacher, recordingId, present }: Scene) {
  const policy = await streamPolicy(database.db, "live", lesson.stream_name);
  const info = await recordingInfo(database.db, recordingId);
  const names = (Object.keys(present) as (keyof typeof present)[]).filter((name) => policy?.removed.includes(present[name]));
  const viewers = { [student.id]: "student", [teacher.id]: "teacher", [GUEST_VIEWER]: "guest" };
  return { lesson: names, recording: (info?.removed ?? []).map((viewer) => viewers[viewer]).sort(), open: info?.open };
}

const NOBODY = { lesson: [], recording: [], open: true };
const update = (table: "users" | "lessons" | "recordings" | "schools", id: string, columns: Readonly<Record<string, unknown>>) =>
  database.db
    .updateTable(table as "users")
    .set(columns as never)
    .where("id", "=", id)
    .execute();

test("a disabled account, and one that left the course, is out of the lesson and of its recording; the others stay", async () => {
  const disabled = await scene();
  assert.deepEqual(await out(disabled), NOBODY);
  await update("users", disabled.student.id, { disabled_at: new Date() });
  assert.deepEqual(await out(disabled), { lesson: ["student"], recording: ["student"], open: true });
  const left = await scene();
  await database.db.deleteFrom("course_members").where("user_id", "=", left.student.id).execute();
  assert.deepEqual(await out(left), { lesson: ["student"], recording: ["student"], open: true });
});

test("who moves to another school, and whose lesson moves to another course, is out", async () => {
  const other = await insertSchool(database.db);
  const moved = await scene();
  await update("users", moved.student.id, { school_id: other.id });
  assert.deepEqual(await out(moved), { lesson: ["student"], recording: ["student"], open: true });
  const elsewhere = await scene();
  const course = await insertCourse(database.db, school.id, [elsewhere.teacher]);
  await update("lessons", elsewhere.lesson.id, { course_id: course.id });
  assert.deepEqual(await out(elsewhere), { lesson: ["student"], recording: ["student"], open: true });
});

test("a lesson that no longer admits guests ends theirs, and not the members'", async () => {
  const closed = await scene();
  await update("lessons", closed.lesson.id, { guests: false });
  assert.deepEqual(await out(closed), { lesson: ["guest"], recording: ["guest"], open: true });
});

test("a hidden recording is out of reach of students and guests, but not of the teacher, nor is the lesson", async () => {
  const hidden = await scene();
  await update("recordings", hidden.recordingId, { published: false });
  assert.deepEqual(await out(hidden), { lesson: [], recording: ["guest", "student"], open: true });
  // A teacher who is a student from now on sees what students see.
  await update("users", hidden.teacher.id, { role: "student" });
  assert.deepEqual(await out(hidden), { lesson: [], recording: ["guest", "student", "teacher"], open: true });
});

test("a deleted lesson and an archived school close everything", async () => {
  const deleted = await scene();
  await update("lessons", deleted.lesson.id, { deleted_at: new Date() });
  assert.equal(await streamPolicy(database.db, "live", deleted.lesson.stream_name), null);
  assert.deepEqual((await recordingInfo(database.db, deleted.recordingId))?.removed?.length, 3);
  const archived = await scene();
  await update("schools", school.id, { archived_at: new Date() });
  assert.equal((await streamPolicy(database.db, "live", archived.lesson.stream_name))?.open, false);
  assert.equal((await recordingInfo(database.db, archived.recordingId))?.open, false);
  await update("schools", school.id, { archived_at: null });
});

test("every audited change of a person, course, lesson, school, participant or recording has the rules fetched again", async () => {
  const of = await scene();
  const told: string[] = [];
  const review = new PermissionReview({
    db: database.db,
    log: silentLog,
    apps: () => ["live"],
    streamChanged: (_app, name) => told.push(name),
    recordingChanged: (id) => told.push(id),
  });
  const changes = new Changes(database.db, () => {}, review.changed);
  const both = [of.lesson.stream_name, of.recordingId];
  const change = async (targetKind: string, targetId: string, action = `${targetKind}.change`, before = {}, after = {}) => {
    told.length = 0;
    await changes.transact(SYSTEM, async ({ audit }) => {
      await audit({ action, schoolId: school.id, targetKind, targetId, before, after });
      return { body: null };
    });
    await review.idle();
    return told.filter((one) => both.includes(one));
  };
  assert.deepEqual(await change("user", of.student.id), both);
  assert.deepEqual(await change("course", of.course.id, "course.leave"), both);
  assert.deepEqual(await change("lesson", of.lesson.id), both);
  assert.deepEqual(await change("participant", of.present.guest, "participant.remove"), [of.lesson.stream_name]);
  assert.deepEqual(await change("recording", of.recordingId), [of.recordingId]);
  assert.deepEqual(await change("school", school.id, "school.change", { archived_at: null }, { archived_at: new Date() }), both);
  // What ends no permission disturbs nobody.
  assert.deepEqual(await change("school", school.id, "school.change", { name: "a" }, { name: "b" }), []);
  assert.deepEqual(await change("user", of.student.id, "user.create"), []);
  assert.deepEqual(await change("webhook", of.student.id), []);
  await review.close();
});

test("a review that the database interrupts is made again", async () => {
  const of = await scene();
  let failures = 2;
  const told: string[] = [];
  const broken = new Proxy(database.db, {
    get: (db, key) => {
      if (key === "selectFrom" && failures-- > 0) throw new Error("connection lost");
      const value = Reflect.get(db, key);
      return typeof value === "function" ? value.bind(db) : value;
    },
  });
  const review = new PermissionReview({
    db: broken,
    log: silentLog,
    apps: () => ["live"],
    streamChanged: (_app, name) => told.push(name),
    recordingChanged: () => {},
  });
  review.changed([{ action: "lesson.change", schoolId: school.id, targetKind: "lesson", targetId: of.lesson.id }]);
  await review.idle();
  assert.deepEqual(told, [of.lesson.stream_name]);
});
