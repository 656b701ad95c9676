/** Names of guests: no words that the school stops in a text, and nobody of the course. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newId } from "../../../platform/id.ts";
import type { WordAction } from "../../foundation/store/moderation-tables.ts";
import {
  insertCourse,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { GuestNames } from "./guest-names.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

test("a guest's name has no word of the school's lists, whatever they do with a text; a list that changes counts at once", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id);
  const names = new GuestNames(db);
  const refused = (name: string) => refusalCode(names.check(lesson, name));
  assert.equal(await refused("Rotter Fink"), null, "no lists yet");
  const list = async (action: WordAction, words: string): Promise<string> => {
    const id = newId();
    const row = { id, school_id: school.id, name: action, action, words, word_count: 1, skips_signs: true, enabled: true };
    await db.insertInto("word_lists").values(row).execute();
    return id;
  };
  await list("mask", "fink");
  const held = await list("hold", "rascal");
  await list("refuse", "坏蛋");
  for (const name of ["Rotter Fink", "r.a.s.c.a.l", "小坏蛋", "ＦＩＮＫ"]) assert.equal(await refused(name), "bad-request", name);
  for (const name of ["Mei", "Paola Rossi", "李梅"]) assert.equal(await refused(name), null, name);
  await db.updateTable("word_lists").set({ words: "villain", version: 2 }).where("id", "=", held).execute();
  assert.deepEqual([await refused("rascal"), await refused("Villain")], [null, "bad-request"]);
  const other = await insertLesson(db, (await insertSchool(db)).id);
  assert.equal(await refusalCode(names.check(other, "Fink")), null, "another school has other lists");
});

test("a guest takes no name of a member of the course, nor one that looks the same; who has left the school is no member", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const [chen, gone] = [await insertUser(db, school.id, "student"), await insertUser(db, school.id, "student")];
  await db.updateTable("users").set({ name: "Chen Jie" }).where("id", "=", chen.id).execute();
  await db.updateTable("users").set({ name: "Li Hua", disabled_at: new Date() }).where("id", "=", gone.id).execute();
  const course = await insertCourse(db, school.id, [chen, gone]);
  const lesson = await insertLesson(db, school.id, { course_id: course.id });
  let now = 0;
  const names = new GuestNames(db, () => now);
  const refused = (name: string) => refusalCode(names.check(lesson, name));
  for (const name of ["Chen Jie", "chen  jie", "Сhen Jіe"]) assert.equal(await refused(name), "bad-request", name);
  for (const name of ["Chen Jie 2", "Chen", "Li Hua"]) assert.equal(await refused(name), null, name);
  await db.updateTable("users").set({ disabled_at: null }).where("id", "=", gone.id).execute();
  now += 10_000;
  assert.equal(await refused("Li Hua"), "bad-request");
  const open = await insertLesson(db, school.id);
  assert.equal(await refusalCode(names.check(open, "Chen Jie")), null, "a lesson of no course has no members");
});
