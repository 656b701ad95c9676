/** Names of guests: nobody passes for staff. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { School, User } from "../foundation/store/tables.ts";
import {
  insertCourse,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  type TestDatabase,
} from "../foundation/store/test-database.ts";
import { checkGuestName, looksLikeStaff, skeletonOf } from "./guest-name.ts";

let database: TestDatabase;
let school: School;

before(async () => {
  database = await openTestDatabase();
  school = await insertSchool(database.db);
});
after(() => database.close());

async function person(role: "teacher" | "assistant" | "student", name: string): Promise<User> {
  const user = await insertUser(database.db, school.id, role);
  return await database.db.updateTable("users").set({ name }).where("id", "=", user.id).returningAll().executeTakeFirstOrThrow();
}

test("a guest cannot take the name of the lesson's teacher, nor one that looks the same", async () => {
  const teacher = await person("teacher", "Paolo Rossi");
  const lesson = await insertLesson(database.db, school.id, { teacher_id: teacher.id });
  const refused = (name: string) => refusalCode(checkGuestName(database.db, lesson, name));
  const same = [
    "Paolo Rossi",
    "paolo rossi",
    "PAOLO  ROSSI",
    "PaoloRossi.",
    "Pаоlо Rоssі",
    "Ｐａｏｌｏ Ｒｏｓｓｉ",
    "Pa\u200bolo Rossi",
    "Páolo Rossi",
  ];
  for (const name of [...same, "Pao1o Rossi", "PaoIo Rossi", "𝐏𝐚𝐨𝐥𝐨 𝐑𝐨𝐬𝐬𝐢"]) assert.equal(await refused(name), "bad-request", name);
  for (const name of ["Paola Rossi", "Paolo", "Rossi", "Mei", "李梅"]) assert.equal(await refused(name), null, name);
});

test("nor a name of the course's teachers and assistants; a student's name is no secret of staff", async () => {
  const people = [await person("teacher", "王芳"), await person("assistant", "Li Wei"), await person("student", "Chen Jie")];
  const course = await insertCourse(database.db, school.id, people);
  const lesson = await insertLesson(database.db, school.id, { course_id: course.id });
  const refused = (name: string) => refusalCode(checkGuestName(database.db, lesson, name));
  assert.deepEqual(await Promise.all(["王芳", " 王 芳 ", "li wei", "Chen Jie"].map(refused)), [
    "bad-request",
    "bad-request",
    "bad-request",
    null,
  ]);
  const other = await insertLesson(database.db, school.id);
  assert.equal(await refusalCode(checkGuestName(database.db, other, "王芳")), null, "another lesson has other staff");
});

test("words of staff are refused in every writing, and names that only contain their letters are not", () => {
  for (const name of [
    "Teacher",
    "the teacher",
    "T e a c h e r",
    "TEACHER!",
    "Tеасhеr",
    "ｔｅａｃｈｅｒ",
    "teach\u200ber",
    "Administrator",
    "Adm1n",
    "Support Team",
  ])
    assert.ok(looksLikeStaff(name), name);
  for (const name of ["王老师", "老 师", "助教小李", "管理员", "主讲人", "Lectern", "Host"]) assert.ok(looksLikeStaff(name), name);
  for (const name of ["Hostetler", "Teachman", "Adminah", "Mei", "李老", "师小明", "Anna-Maria", "Assisi", "Professorova"])
    assert.equal(looksLikeStaff(name), false, name);
});

test("names without letters have no skeleton, and match nobody", async () => {
  assert.equal(skeletonOf("…🎓"), "");
  const teacher = await person("teacher", "🎓");
  const lesson = await insertLesson(database.db, school.id, { teacher_id: teacher.id });
  assert.equal(await refusalCode(checkGuestName(database.db, lesson, "!!!")), null);
});
