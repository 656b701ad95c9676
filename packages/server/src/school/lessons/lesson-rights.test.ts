/** Who may see, assist in and teach a lesson, and which recordings of it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import type { Actor, Role } from "../../access/actor.ts";
import { newId } from "../../platform/id.ts";
import { json } from "../../platform/store/store.ts";
import type { Course, Lesson, School, User } from "../foundation/store/tables.ts";
import {
  actorOf,
  insertCourse,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  STRANGER,
  type TestDatabase,
} from "../foundation/store/test-database.ts";
import { expectedAudiences } from "./expected-audience.ts";
import { USER_SEES_LESSON } from "./lesson-audience.ts";
import { findLesson, hasLessonRight, visibleLessons, visibleStreams } from "./lesson-rights.ts";
import { recordingInfo } from "./recordings/recording-info.ts";
import { visibleRecordings } from "./recordings/visibility.ts";
import { streamPolicy } from "./stream-policy.ts";

const ROLES: readonly Role[] = ["administrator", "teacher", "assistant", "student", "supervisor"];

let database: TestDatabase;
let school: School;
let course: Course;
let members: Map<Role, User>;
let outsiders: Map<Role, User>;
let operator: User;
/** Of the course; of no course, with a teacher, open to the school; of no course, with a guest list; of another school; in the bin. */
let ofCourse: Lesson;
let open: Lesson;
let invited: Lesson;
let foreign: Lesson;
let deleted: Lesson;

before(async () => {
  database = await openTestDatabase();
  const { db } = database;
  const people = async () =>
    new Map(await Promise.all(ROLES.map(async (role) => [role, await insertUser(db, school.id, role)] as const)));
  school = await insertSchool(db);
  operator = await insertUser(db, null, "operator");
  members = await people();
  outsiders = await people();
  course = await insertCourse(db, school.id, [...members.values()]);
  ofCourse = await insertLesson(db, school.id, { course_id: course.id });
  open = await insertLesson(db, school.id, { teacher_id: outsiders.get("teacher")!.id, open_to_school: true });
  invited = await insertLesson(db, school.id);
  for (const role of ["student", "supervisor"] as const)
    await db
      .insertInto("lesson_invitations")
      .values({ lesson_id: invited.id, user_id: members.get(role)!.id })
      .execute();
  foreign = await insertLesson(db, (await insertSchool(db)).id);
  deleted = await insertLesson(db, school.id, { course_id: course.id, deleted_at: new Date() });
});
after(() => database.close());

async function seenBy(actor: Actor, inBin = false): Promise<string[]> {
  const names = new Map([
    [ofCourse.id, "ofCourse"],
    [open.id, "open"],
    [invited.id, "invited"],
    [foreign.id, "foreign"],
    [deleted.id, "deleted"],
  ]);
  const rows = await visibleLessons(database.db, actor, inBin).execute();
  return rows.flatMap(({ id }) => names.get(id) ?? []).sort();
}

const member = (role: Role) => actorOf(members.get(role)!);
const outsider = (role: Role) => actorOf(outsiders.get(role)!);

test("operators see all schools' lessons, administrators those of their own", async () => {
  assert.deepEqual(await seenBy(actorOf(operator)), ["foreign", "invited", "ofCourse", "open"]);
  assert.deepEqual(await seenBy(outsider("administrator")), ["invited", "ofCourse", "open"]);
});

test("members of a course see its lessons; a lesson without a course is seen by those invited, and if it is open by all students", async () => {
  for (const role of ["teacher", "assistant"] as const) assert.deepEqual(await seenBy(member(role)), ["ofCourse"], role);
  assert.deepEqual(await seenBy(member("supervisor")), ["invited", "ofCourse"]);
  assert.deepEqual(await seenBy(member("student")), ["invited", "ofCourse", "open"]);
  assert.deepEqual(await seenBy(outsider("student")), ["open"]);
  assert.deepEqual(await seenBy(outsider("assistant")), []);
});

test("a teacher sees the own lessons, without being in their course", async () => {
  assert.deepEqual(await seenBy(outsider("teacher")), ["open"]);
});

test("a query for many people finds for each the lessons that one for that person finds", async () => {
  const rows = await database.db
    .selectFrom("lessons")
    .innerJoin("users", "users.school_id", "lessons.school_id")
    .select(["users.id as user", "lessons.id as lesson"])
    .where("lessons.deleted_at", "is", null)
    .where(USER_SEES_LESSON)
    .execute();
  for (const person of [...members.values(), ...outsiders.values()]) {
    const one = await visibleLessons(database.db, actorOf(person)).execute();
    const ofMany = rows.filter(({ user }) => user === person.id);
    assert.deepEqual(ofMany.map(({ lesson }) => lesson).sort(), one.map(({ id }) => id).sort(), person.role);
  }
});

test("a person's lessons are found by indexes: the school's other lessons are not read", async () => {
  const { db } = database;
  const large = await insertSchool(db);
  const teacher = await insertUser(db, large.id, "teacher");
  const student = await insertUser(db, large.id, "student");
  const courses = await Promise.all(
    Array.from({ length: 250 }, (_, i) => insertCourse(db, large.id, i === 25 ? [teacher, student] : [])),
  );
  const template = await insertLesson(db, large.id);
  const lessons = Array.from({ length: 5000 }, (_, i) => {
    const id = newId();
    return { ...template, id, code: id, stream_name: id, course_id: courses[i % 250]?.id ?? null };
  });
  for (let i = 0; i < lessons.length; i += 1000)
    await db
      .insertInto("lessons")
      .values(lessons.slice(i, i + 1000))
      .execute();
  await sql`analyze`.execute(db);
  for (const person of [teacher, student]) {
    const seen = visibleLessons(db, actorOf(person));
    assert.equal((await seen.execute()).length, 20);
    const plan = JSON.stringify(await seen.explain("json", sql`analyze`));
    const readForNothing = [...plan.matchAll(/"Rows Removed by Filter":(\d+)/g)].map(([, rows]) => Number(rows));
    assert.ok(Math.max(0, ...readForNothing) < 200, `${person.role}: ${plan}`);
  }
});

test("strangers see nothing", async () => {
  assert.deepEqual(await seenBy(STRANGER), []);
});

test("the bin shows deleted lessons to the same people, and nothing else", async () => {
  assert.deepEqual(await seenBy(member("teacher"), true), ["deleted"]);
  assert.deepEqual(await seenBy(outsider("teacher"), true), []);
});

test("rights: administrators and the course's teachers teach, its assistants assist, others only see", async () => {
  const rights = async (actor: Actor, lesson: Lesson) => [
    await hasLessonRight(database.db, actor, lesson, "assist"),
    await hasLessonRight(database.db, actor, lesson, "teach"),
  ];
  for (const actor of [actorOf(operator), outsider("administrator"), member("teacher")])
    assert.deepEqual(await rights(actor, ofCourse), [true, true], actor.role ?? "");
  assert.deepEqual(await rights(member("assistant"), ofCourse), [true, false]);
  for (const actor of [member("student"), member("supervisor"), outsider("teacher"), outsider("assistant"), STRANGER])
    assert.deepEqual(await rights(actor, ofCourse), [false, false], actor.role ?? "stranger");
  assert.deepEqual(await rights(outsider("teacher"), open), [true, true]);
});

test("the role of the account counts: a demoted teacher neither teaches nor assists, in the course or as the lesson's teacher", async () => {
  const user = await insertUser(database.db, school.id, "teacher");
  const taught = await insertCourse(database.db, school.id, [user]);
  const lesson = await insertLesson(database.db, school.id, { course_id: taught.id, teacher_id: user.id });
  const rights = async (role: Role) => {
    const actor = { ...actorOf(user), role };
    return [await hasLessonRight(database.db, actor, lesson, "teach"), await hasLessonRight(database.db, actor, lesson, "assist")];
  };
  assert.deepEqual(await rights("teacher"), [true, true]);
  assert.deepEqual(await rights("assistant"), [false, true]);
  assert.deepEqual(await rights("student"), [false, false]);
  assert.deepEqual(await rights("supervisor"), [false, false]);
});

test("a lesson that the actor may not see is not found; one that the actor may only see is refused", async () => {
  const find = (actor: Actor, right: "see" | "assist" | "teach") => refusalCode(findLesson(database.db, actor, ofCourse.id, right));
  assert.equal(await find(outsider("student"), "see"), "not-found");
  assert.equal(await find(member("student"), "see"), null);
  assert.equal(await find(member("student"), "assist"), "refused-by-rule");
  assert.equal(await find(member("assistant"), "assist"), null);
  assert.equal(await find(member("assistant"), "teach"), "refused-by-rule");
});

test("the live streams that an actor may see are those of the own school; operators see all", async () => {
  const live = await insertLesson(database.db, school.id, { state: "live" });
  await insertLesson(database.db, foreign.school_id, { state: "live" });
  assert.deepEqual(await visibleStreams(database.db, outsider("teacher")), new Set([`live/${live.stream_name}`]));
  assert.equal(await visibleStreams(database.db, actorOf(operator)), null);
});

test("students and supervisors see published recordings of their lessons, teachers also the others", async () => {
  const record = async (lesson: Lesson, published: boolean) => {
    const row = { id: newId(), school_id: school.id, lesson_id: lesson.id, app: "live", name: lesson.stream_name, epoch: "e" };
    const rest = { title: "T", started_at: new Date(), seconds: 1, bytes: 1, whole: true, files: json([]), chapters: json([]) };
    await database.db
      .insertInto("recordings")
      .values({ ...row, ...rest, published })
      .execute();
    return row.id;
  };
  const [published, hidden] = [await record(ofCourse, true), await record(ofCourse, false)];
  const seen = async (actor: Actor) => (await visibleRecordings(database.db, actor).execute()).map(({ id }) => id).sort();
  for (const role of ["student", "supervisor"] as const) assert.deepEqual(await seen(member(role)), [published], role);
  for (const role of ["teacher", "assistant"] as const)
    assert.deepEqual(await seen(member(role)), [published, hidden].sort(), role);
  assert.deepEqual(await seen(outsider("student")), []);
  assert.deepEqual(await seen(STRANGER), []);
  const info = await recordingInfo(database.db, hidden);
  assert.deepEqual([info?.open, info?.signed, await recordingInfo(database.db, newId())], [true, true, null]);
});

test("a lesson's stream is open until the lesson is ended by hand, deleted, or its school archived", async () => {
  const { db } = database;
  const policy = (lesson: Lesson) => streamPolicy(db, "live", lesson.stream_name);
  assert.equal((await policy(ofCourse))?.open, true);
  assert.equal((await policy(await insertLesson(db, school.id, { ended_by: "publisher", state: "ended" })))?.open, true);
  assert.equal((await policy(await insertLesson(db, school.id, { ended_by: "hand", state: "ended" })))?.open, false);
  assert.equal(await policy(deleted), null);
  await db.updateTable("schools").set({ archived_at: new Date() }).where("id", "=", foreign.school_id).execute();
  assert.equal((await policy(foreign))?.open, false);
});

test("audiences are expected in live lessons, and in scheduled ones from ten minutes before to an hour after the start", async () => {
  const { db } = database;
  const own = await insertSchool(db);
  const people = await Promise.all([1, 2, 3].map(() => insertUser(db, own.id, "student")));
  const [large, small] = [await insertCourse(db, own.id, people), await insertCourse(db, own.id, people.slice(0, 2))];
  const now = Date.now() + 365 * 24 * 3600 * 1000;
  const at = (minutes: number) => ({ course_id: large.id, starts_at: new Date(now + minutes * 60_000) });
  const expected = [
    await insertLesson(db, own.id, { course_id: large.id, state: "live" }),
    await insertLesson(db, own.id, at(9)),
    await insertLesson(db, own.id, at(-59)),
  ];
  for (const minutes of [10, -60]) await insertLesson(db, own.id, at(minutes));
  await insertLesson(db, own.id, { course_id: large.id, state: "ended", starts_at: new Date(now) });
  const fewer = await insertLesson(db, own.id, { course_id: small.id, state: "live" });
  const names = async (minPeople: number, limit = 100) =>
    (await expectedAudiences(db, minPeople, limit, now)).map(({ name, people: count }) => `${name} ${count}`);
  assert.deepEqual((await names(3)).sort(), expected.map(({ stream_name }) => `${stream_name} 3`).sort());
  assert.equal((await names(2)).at(-1), `${fewer.stream_name} 2`);
  assert.equal((await names(2, 1)).length, 1);
});
