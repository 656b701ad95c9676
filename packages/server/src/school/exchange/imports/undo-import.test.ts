/** An import that leaves wrong rows out, creates courses, and is taken back. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AuthoredPaper } from "@lectern/exam";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { School } from "../../foundation/store/tables.ts";
import { insertSchool, openTestDatabase, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import { BackgroundWork } from "../../foundation/work/background-work.ts";
import type { ImportOptions } from "./import-options.ts";
import type { ImportKind } from "./import-plan.ts";
import { previewImport } from "./import-preview.ts";
import { addImport, IMPORTS, importWork } from "./import-work.ts";
import { undoImport } from "./undo-import.ts";

let database: TestDatabase;
let work: BackgroundWork;
let changes: Changes;
before(async () => {
  database = await openTestDatabase();
  const { db } = database;
  changes = new Changes(db, () => {});
  work = new BackgroundWork({ log: silentLog, isLeader: () => true });
  work.add(importWork({ db, changes, secret: () => "secret" }));
  work.start();
});
after(async () => {
  await work.close();
  await database.close();
});

async function add(school: School, text: string, options: ImportOptions = {}, kind: ImportKind = "people"): Promise<string> {
  const id = await addImport({ changes, secret: () => "secret" }, SYSTEM, school, kind, text, options);
  work.wake(IMPORTS);
  return id;
}

async function importFile(school: School, text: string, options: ImportOptions = {}, kind: ImportKind = "people") {
  const id = await add(school, text, options, kind);
  for (;;) {
    const row = await database.db.selectFrom("imports").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    if (row.state !== "running") return row;
  }
}

async function undo(row: { readonly id: string; readonly school_id: string }) {
  return (await changes.transact(SYSTEM, async (change) => ({ body: await undoImport(change, SYSTEM.actor, row) }))).body;
}

async function contentOf({ id }: School) {
  const { db } = database;
  const users = await db.selectFrom("users").select("login").where("school_id", "=", id).orderBy("login").execute();
  const courses = await db.selectFrom("courses").select("name").where("school_id", "=", id).orderBy("name").execute();
  const members = await db
    .selectFrom("course_members")
    .innerJoin("courses", "courses.id", "course_members.course_id")
    .innerJoin("users", "users.id", "course_members.user_id")
    .select(["courses.name", "users.login"])
    .where("courses.school_id", "=", id)
    .orderBy("users.login")
    .execute();
  return {
    users: users.map(({ login }) => login),
    courses: courses.map(({ name }) => name),
    members: members.map(({ name, login }) => `${login} in ${name}`),
  };
}

const FILE =
  "login,name,role,course\nanna,Anna,student,Maths\nben,,student,Maths\ncai,Cai,king,Physics\ndora,Dora,teacher,Physics\n";
const FORGIVING = { skipFaulty: true, createCourses: true };

test("rows without errors are imported, the others are reported, and missing courses are made", async () => {
  const school = await insertSchool(database.db);
  const refused = await importFile(school, FILE);
  assert.deepEqual(
    [refused.state, refused.errors.map(({ line, column }) => `${line} ${column}`)],
    ["failed", ["2 course", "3 name", "3 course", "4 role", "4 course", "5 course"]],
  );
  assert.deepEqual((await contentOf(school)).users, []);
  const row = await importFile(school, FILE, FORGIVING);
  assert.deepEqual(
    [row.state, row.rows_done, row.rows_added, row.errors.map(({ line, column }) => `${line} ${column}`)],
    ["done", 4, 2, ["3 name", "4 role"]],
  );
  assert.deepEqual(await contentOf(school), {
    users: ["anna", "dora"],
    courses: ["Maths", "Physics"],
    members: ["anna in Maths", "dora in Physics"],
  });
});

test("an import is taken back with all that it made, and what was there before stays", async () => {
  const school = await insertSchool(database.db);
  await importFile(school, "login,name,course\nanna,Anna,Maths\n", FORGIVING);
  const before = await contentOf(school);
  const row = await importFile(school, FILE.replace("anna,Anna,student,Maths", "anna,Anna,student,Music"), FORGIVING);
  assert.deepEqual(await undo(row), { people: 1, members: 2, courses: 2, lessons: 0, kept: 0 });
  assert.deepEqual(await contentOf(school), before);
});

test("who has signed in since stays, with the course that others were put into", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const row = await importFile(school, FILE, FORGIVING);
  const late = await importFile(school, "login,name,course\nzoe,Zoe,Physics\n");
  assert.equal(late.state, "done");
  await db
    .updateTable("users")
    .set({ signed_in_at: new Date() })
    .where("login", "=", "anna")
    .where("school_id", "=", school.id)
    .execute();
  assert.deepEqual(await undo(row), { people: 1, members: 2, courses: 1, lessons: 0, kept: 2 });
  assert.deepEqual(await contentOf(school), { users: ["anna", "zoe"], courses: ["Physics"], members: ["zoe in Physics"] });
});

test("a course whose paper was written since stays, since without it all teachers would see the questions", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const row = await importFile(school, FILE, FORGIVING);
  const courses = db.selectFrom("courses").select("id").where("school_id", "=", school.id).where("name", "=", "Physics");
  const { id: course_id } = await courses.executeTakeFirstOrThrow();
  const content = json<AuthoredPaper>({ title: "", instruction: "", sections: [] });
  await db
    .insertInto("exam_papers")
    .values({ id: newId(), school_id: school.id, course_id, title: "A paper", content, questions: 0, points: 0 })
    .execute();
  assert.equal((await undo(row)).courses, 1);
  assert.deepEqual((await contentOf(school)).courses, ["Physics"]);
});

test("lessons of a timetable go to the trash, but those that have begun", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const timetable = "日期,开始时间,结束时间,课题,课程\n2027/1/4,9:00,9:45,分数,Maths\n2027年1月5日,09:00,09:45,小数,Maths\n";
  const row = await importFile(school, timetable, FORGIVING, "timetable");
  assert.deepEqual([row.state, row.rows_added, row.errors], ["done", 2, []]);
  await db.updateTable("lessons").set({ state: "ended" }).where("title", "=", "小数").where("school_id", "=", school.id).execute();
  assert.deepEqual(await undo(row), { people: 0, members: 0, courses: 0, lessons: 1, kept: 2 });
  const left = await db
    .selectFrom("lessons")
    .select("title")
    .where("school_id", "=", school.id)
    .where("deleted_at", "is", null)
    .execute();
  assert.deepEqual(left, [{ title: "小数" }]);
});

test("an import that runs is stopped, and nothing of it stays", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lines = Array.from({ length: 400 }, (_, i) => `p${i},Person ${i}`);
  const id = await add(school, `login,name\n${lines.join("\n")}\n`);
  const read = () => db.selectFrom("imports").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  while ((await read()).rows_done === 0);
  const { people } = await undo(await read());
  assert.ok(people > 0 && people < 400, `${people} people`);
  await add(school, "login,name\nlast,Last\n");
  while ((await contentOf(school)).users.length === 0);
  assert.deepEqual([(await read()).state, (await contentOf(school)).users], ["failed", ["last"]]);
});

test("a preview says what an import would do, and covers passwords", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const preview = (options: ImportOptions) =>
    previewImport(
      db,
      "people",
      school,
      SYSTEM.actor,
      FILE.replace("role,course", "密码,course").replace("student,Maths", "kQ7#vxT9,Maths"),
      options,
    );
  const strict = await preview({});
  assert.deepEqual(
    strict.columns.map(({ heading, field }) => `${heading}=${field}`),
    ["login=login", "name=name", "密码=password", "course=course"],
  );
  assert.deepEqual(strict.rows[0], { line: 2, cells: ["anna", "Anna", "••••", "Maths"] });
  assert.deepEqual([strict.canImport, strict.rowsRight, strict.missingCourses], [false, 0, ["Maths", "Physics"]]);
  const forgiving = await preview(FORGIVING);
  assert.deepEqual([forgiving.canImport, forgiving.rowsTotal, forgiving.rowsRight], [true, 4, 1]);
  assert.deepEqual(await contentOf(school), { users: [], courses: [], members: [] });
});
