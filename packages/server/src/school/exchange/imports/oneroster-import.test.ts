/** OneRoster on a real database: people, classes and enrollments by their sourcedIds, changed by the next file, and wrong rows with their lines. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Actor } from "../../../access/actor.ts";
import { Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { School } from "../../foundation/store/tables.ts";
import { insertSchool, openTestDatabase, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import { BackgroundWork } from "../../foundation/work/background-work.ts";
import { addImport, importWork } from "./import-work.ts";
import type { OneRosterKind } from "./oneroster.ts";

let database: TestDatabase;
let school: School;
let changes: Changes;
let work: BackgroundWork;
const secret = () => "secret";
before(async () => {
  database = await openTestDatabase();
  school = await insertSchool(database.db);
  work = new BackgroundWork({ log: silentLog, isLeader: () => true });
  changes = new Changes(database.db, (kind) => work.wake(kind));
  work.add(importWork({ db: database.db, changes, secret }));
  work.start();
});
after(async () => {
  await work.close();
  await database.close();
});

const USERS_HEAD = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,email";

async function importFile(kind: OneRosterKind, text: string, actor: Actor = SYSTEM.actor) {
  const id = await addImport({ changes, secret }, { actor }, school, kind, text);
  for (;;) {
    const row = await database.db.selectFrom("imports").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    if (row.state !== "running")
      return { state: row.state, added: row.rows_added, errors: row.errors.map(({ line, column }) => `${line} ${column}`) };
  }
}

async function members(): Promise<string[]> {
  const rows = await database.db
    .selectFrom("course_members")
    .innerJoin("users", "users.id", "course_members.user_id")
    .select(["users.name", "course_members.role"])
    .orderBy("users.external_id")
    .execute();
  return rows.map(({ name, role }) => `${name} ${role}`);
}

test("users, classes and enrollments make people, courses and members; the next files change them", async () => {
  const users = `${USERS_HEAD}
u1,active,,true,org,teacher,wang,,芳,王,wang@school.example
u2,active,,true,org,student,anna,,Anna,Smith,
u3,active,,true,org,guardian,mum,,Mary,Smith,`;
  assert.deepEqual(await importFile("oneroster-users", users), { state: "done", added: 3, errors: [] });
  assert.deepEqual(await importFile("oneroster-users", users), { state: "done", added: 0, errors: [] });
  const classes = "sourcedId,status,title,grades\nc1,active,Maths 7b,7\n";
  assert.deepEqual(await importFile("oneroster-classes", classes), { state: "done", added: 1, errors: [] });
  const enrollments = "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role\n";
  const all = `${enrollments}e1,active,c1,org,u1,teacher\ne2,active,c1,org,u2,student\ne3,active,c1,org,u3,guardian\n`;
  assert.deepEqual(await importFile("oneroster-enrollments", all), { state: "done", added: 3, errors: [] });
  assert.deepEqual(await members(), ["王芳 teacher", "Anna Smith student", "Mary Smith supervisor"]);

  await importFile("oneroster-users", `${USERS_HEAD}\nu2,tobedeleted,,true,org,student,anna,,Anna,Jones,`);
  await importFile("oneroster-enrollments", `${enrollments}e3,tobedeleted,c1,org,u3,guardian\n`);
  await importFile("oneroster-classes", "sourcedId,title\nc1,Maths 8b\n");
  assert.deepEqual(await members(), ["王芳 teacher", "Anna Jones student"]);
  const { db } = database;
  const anna = await db.selectFrom("users").selectAll().where("external_id", "=", "u2").executeTakeFirstOrThrow();
  assert.ok(anna.disabled_at, "who is deleted there cannot sign in here");
  assert.equal((await db.selectFrom("courses").select("name").executeTakeFirstOrThrow()).name, "Maths 8b");
});

test("wrong rows are reported with their lines, and nothing of the file is imported", async () => {
  const users = `${USERS_HEAD}
,active,,true,org,student,x,,X,X,
u9,active,,true,org,king,x y,,X,X,no mail
u8,active,,true,org,student,wang,,X,X,
u7,active,,true,org,student,new,,X,X,
u7,active,,true,org,student,new,,X,X,`;
  assert.deepEqual((await importFile("oneroster-users", users)).errors, ["2 sourcedid"]);
  const [, , ...rest] = users.split("\n");
  assert.deepEqual((await importFile("oneroster-users", [USERS_HEAD, ...rest].join("\n"))).errors, [
    "2 username",
    "2 email",
    "2 role",
  ]);
  const [, ...last] = rest;
  const found = (await importFile("oneroster-users", [USERS_HEAD, ...last].join("\n"))).errors;
  assert.deepEqual(found, ["2 username", "4 sourcedId", "4 username"]);
  const enrollments = "classSourcedId,userSourcedId,role\nc1,nobody,student\nnowhere,u1,teacher\n";
  assert.deepEqual((await importFile("oneroster-enrollments", enrollments)).errors, ["2 userSourcedId", "3 classSourcedId"]);
  assert.deepEqual((await importFile("oneroster-classes", "sourcedId,title\nc2,Maths 8b\n")).errors, ["2 title"]);
});

test("a key imports nobody with more rights than its own", async () => {
  const actor: Actor = {
    ...SYSTEM.actor,
    kind: "key",
    id: "k",
    role: "administrator",
    schoolId: school.id,
    scopes: ["people:write"],
  };
  const admin = `${USERS_HEAD}\nu5,active,,true,org,administrator,boss,,B,B,`;
  assert.deepEqual((await importFile("oneroster-users", admin, actor)).errors, ["2 role"]);
});
