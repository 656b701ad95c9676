/** Who is invited to a first sign-in, and who is not. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  actorOf,
  insertCourse,
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { SCOPES_OF_ROLE } from "../accounts/account-rights.ts";
import { invitedAccounts } from "./invited-accounts.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

async function openSchool() {
  const { db } = database;
  const school = await insertSchool(db);
  const [head, ben, cai, gone] = [
    await insertUser(db, school.id, "administrator"),
    await insertUser(db, school.id, "student"),
    await insertUser(db, school.id, "student"),
    await insertUser(db, school.id, "teacher"),
  ];
  const now = new Date();
  await db.updateTable("users").set({ email: "ben@school.cn" }).where("id", "=", ben.id).execute();
  await db.updateTable("users").set({ signed_in_at: now }).where("id", "=", cai.id).execute();
  await db.updateTable("users").set({ disabled_at: now }).where("id", "=", gone.id).execute();
  const invited = async (selection: { userIds?: string[]; courseId?: string; alsoSignedIn?: boolean }, needsMail = false) => {
    const { people, skipped } = await invitedAccounts(db, actorOf(head), school, { alsoSignedIn: false, ...selection }, needsMail);
    return [people.map(({ id }) => id), Object.fromEntries(skipped.map(({ userId, because }) => [userId, because]))];
  };
  return { db, school, head, ben, cai, gone, invited };
}

test("without a selection, those of the school who have not come are invited", async () => {
  const { invited, ben, head } = await openSchool();
  assert.deepEqual(await invited({}), [[ben.id], { [head.id]: "self" }]);
});

test("who is selected and not invited is named with the reason", async () => {
  const { db, invited, head, ben, cai, gone } = await openSchool();
  const stranger = await insertUser(db, (await insertSchool(db)).id, "student");
  const userIds = [head, ben, cai, gone, stranger].map(({ id }) => id);
  const others = { [head.id]: "self", [gone.id]: "suspended", [stranger.id]: "unknown" };
  assert.deepEqual(await invited({ userIds }), [[ben.id], { ...others, [cai.id]: "signed-in" }]);
  assert.deepEqual(await invited({ userIds, alsoSignedIn: true }, true), [[ben.id], { ...others, [cai.id]: "no-mail" }]);
});

test("of a course its members are invited", async () => {
  const { db, school, invited, ben, cai } = await openSchool();
  const course = await insertCourse(db, school.id, [cai]);
  assert.deepEqual(await invited({ courseId: course.id, alsoSignedIn: true }), [[cai.id], {}]);
  assert.deepEqual(await invited({ courseId: course.id, userIds: [ben.id] }), [[], { [ben.id]: "unknown" }]);
});

test("a person is mailed once in a quarter of an hour", async () => {
  const { db, school, invited, ben } = await openSchool();
  const mail = { user_id: ben.id, school_id: school.id, requested_by: "user x", next_at: null };
  await db.insertInto("account_mails").values(mail).execute();
  assert.deepEqual((await invited({ userIds: [ben.id] }, true))[1], { [ben.id]: "just-mailed" });
  assert.deepEqual((await invited({ userIds: [ben.id] }))[0], [ben.id], "a slip can be printed");
});

test("a key invites nobody whose role it may not manage", async () => {
  const { db, school, head, ben } = await openSchool();
  const key = { ...actorOf(head), kind: "key" as const, id: "k", scopes: SCOPES_OF_ROLE.student };
  const all = { alsoSignedIn: true };
  assert.equal(await refusalCode(invitedAccounts(db, key, school, { ...all, userIds: [ben.id] }, false)), null);
  assert.equal(await refusalCode(invitedAccounts(db, key, school, all, false)), "refused-by-rule");
});

test("a school without passwords has no invitations", async () => {
  const { db, school, head } = await openSchool();
  const without = { ...school, password_sign_in: false };
  assert.equal(await refusalCode(invitedAccounts(db, actorOf(head), without, { alsoSignedIn: false }, false)), "conflict");
});

test("people are in the order of a register: numbers by their value, Chinese names by pinyin", async () => {
  const { db, school, invited } = await openSchool();
  const course = await insertCourse(db, school.id, []);
  const names = ["学生10", "学生2", "Student 10", "Student 9", "王芳", "陈建国", "学生1"];
  const ids = new Map<string, string>();
  for (const name of names) {
    const { id } = await insertUser(db, school.id, "student");
    await db.updateTable("users").set({ name }).where("id", "=", id).execute();
    await db.insertInto("course_members").values({ course_id: course.id, user_id: id, role: "student" }).execute();
    ids.set(id, name);
  }
  const [people] = await invited({ courseId: course.id });
  assert.deepEqual(
    (people as string[]).map((id) => ids.get(id)),
    ["陈建国", "王芳", "学生1", "学生2", "学生10", "Student 9", "Student 10"],
  );
});
