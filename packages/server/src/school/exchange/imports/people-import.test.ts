/** People from CSV: defaults, and the errors of each row. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { textIn } from "../../../platform/messages/message.ts";
import type { CsvRow } from "../../foundation/csv/csv.ts";
import { SCOPES_OF_ROLE } from "../../people/accounts/account-rights.ts";
import type { ImportOptions } from "./import-options.ts";
import { readImportRows } from "./import-rows.ts";
import { hashPasswords, readPeople } from "./people-import.ts";

const HEADER = "login,name,role,email,password,course";
const SCHOOL = {
  courses: [{ id: "c1", name: "Maths" }],
  people: [{ id: "u1", login: "taken", name: "Taken", role: "student" as const, email: "t@a.cn" }],
  actor: { scopes: null },
};

async function rows(...lines: string[]): Promise<readonly CsvRow[]> {
  const { rows: read, fatal, errors } = await readImportRows("people", [HEADER, ...lines].join("\n"), {});
  assert.deepEqual([fatal, errors], [[], []]);
  return read;
}

async function peopleOf(...lines: string[]) {
  const { values, errors } = await readPeople(SCHOOL, await rows(...lines));
  assert.deepEqual(errors, []);
  return values.map((value) => value!);
}

/** As a whole file is checked. */
async function checkFile(text: string, options: ImportOptions = {}) {
  const { rows: read, fatal, errors: faults, columns } = await readImportRows("people", text, options);
  const { values, errors } = await readPeople(SCHOOL, read, options, faults);
  const wrong = [...fatal, ...errors].map(({ line, column, text: why }) => `${line} ${column}: ${textIn("en", why)}`);
  return { values, wrong, fields: columns.map(({ field }) => field) };
}

async function errorsOf(...lines: string[]) {
  const read = await readPeople(SCHOOL, await rows(...lines));
  return read.errors.map(({ line, column, text }) => [line, column, textIn("en", text)]);
}

test("a person is a student without mail, password and course, where nothing else is given", async () => {
  const rest = { email: null, password: null, courseId: null, newCourse: null, existingId: null };
  assert.deepEqual(await peopleOf("Wang.Fang,Wang Fang,,,,"), [
    { login: "wang.fang", name: "Wang Fang", role: "student", ...rest },
  ]);
});

test("a course is found by its name", async () => {
  const people = await peopleOf("a,A,teacher,a@b.cn,long enough too,Maths");
  assert.equal(people[0]?.courseId, "c1");
});

test("every wrong cell is reported with its line and column", async () => {
  assert.deepEqual(
    await errorsOf(
      ...["a b,A,,,,", "b,B,king,,,", "c,C,,nowhere,,", "d,D,,,kQ7#v,", "e,E,,,,History", "f,F,administrator,,,Maths"],
      ...["g,G,student,,kQ7#vxT9,", "h,H,teacher,,kQ7#vxT9!pL,"],
    ),
    [
      [2, "login", "has 1 to 100 letters, digits and . _ @ + - ·"],
      [3, "role", "is one of administrator, teacher, assistant, student, supervisor"],
      [4, "email", "is not a mail address"],
      [5, "password", "has at least 8 characters"],
      [6, "course", 'there is no course "History"'],
      [7, "course", "an administrator is in no course"],
      [9, "password", "has at least 12 characters"],
    ],
  );
});

test("nobody imports an operator", async () => {
  assert.equal((await errorsOf("a,A,operator,,,"))[0]?.[1], "role");
});

test("a login of the school, or of an earlier line, is taken", async () => {
  assert.deepEqual(await errorsOf("taken,A,,,,", "new,B,,,,", "NEW,C,,,,"), [
    [2, "login", "is taken already: someone in this school has it"],
    [4, "login", "is taken already: line 3 has it"],
  ]);
});

test("each password has its hash; a person without one has none", async () => {
  const people = await peopleOf("a,A,,,long enough,", "b,B,,,,");
  const [first, second] = await hashPasswords(people);
  assert.match(first ?? "", /^\$argon2id/);
  assert.equal(second, null);
});

test("the same person again is no error and nobody new, so that a file can be sent twice", async () => {
  const people = await peopleOf("taken,Taken,student,,a new password,Maths");
  assert.equal(people[0]?.existingId, "u1");
  assert.deepEqual(await hashPasswords(people), [null], "the password of someone who is there stays");
  assert.equal((await errorsOf("taken,Taken,teacher,,,"))[0]?.[1], "login");
});

test("a key imports people of the roles that it may manage, and nobody else", async () => {
  const scopes = SCOPES_OF_ROLE.student;
  const read = await readPeople(
    { ...SCHOOL, actor: { scopes } },
    await rows("a,A,student,,,", "b,B,teacher,,,", "c,C,administrator,,,"),
  );
  assert.deepEqual(
    read.errors.map(({ line, column }) => [line, column]),
    [
      [3, "role"],
      [4, "role"],
    ],
  );
  assert.match(textIn("en", read.errors[0]!.text), /teacher: it does not have lessons:write, .*publish-keys:write/);
});

test("a file with four faults has them all said at once, each beside its row, and what is right has its value", async () => {
  const { values, wrong } = await checkFile(
    "login,name,role,email,course\nanna,Anna,student,,Maths\nben,,pupil,,\ncai,Cai,king,no mail,Maths\ndora,Dora,,,Physics\n",
  );
  assert.deepEqual(wrong, [
    "3 name: is empty",
    "4 role: is one of administrator, teacher, assistant, student, supervisor",
    "4 email: is not a mail address",
    '5 course: there is no course "Physics"',
  ]);
  assert.deepEqual(
    values.map((value) => value?.login ?? null),
    ["anna", null, null, null],
  );
});

test("a wrong heading and wrong cells are said together", async () => {
  const { wrong } = await checkFile("login,nickname,role\na b,A,student\nc,C,king\n");
  assert.deepEqual(
    wrong.map((line) => line.split(":")[0]),
    ["1 name", "1 nickname", "2 login", "3 role"],
  );
});

test("Chinese headings and roles are understood, with their stars and brackets", async () => {
  const { values, wrong, fields } = await checkFile(
    "姓名*,学号,登录名（必填）,身份,电子邮箱,班级\n李娜,7001,li.na,学生,,Maths\n王芳,7002,wang,老师,w@a.cn,\n赵敏,7003,zhao,家长,,\n",
    { ignoreUnknown: true },
  );
  assert.deepEqual(fields, ["name", null, "login", "role", "email", "course"]);
  assert.deepEqual(wrong, []);
  assert.deepEqual(
    values.map((value) => [value?.login, value?.role, value?.courseId]),
    [
      ["li.na", "student", "c1"],
      ["wang", "teacher", null],
      ["zhao", "supervisor", null],
    ],
  );
});

test("a student number is the username where there is no other", async () => {
  const { values, fields } = await checkFile("学号,姓名\n7001,李娜\n");
  assert.deepEqual([fields, values[0]?.login], [["login", "name"], "7001"]);
});

test("who imports says what columns mean, and which are not read", async () => {
  const columns = [null, "name", "login"];
  const { values, wrong } = await checkFile("No.,Pupil,Code\n1,Anna,anna\n", { columns });
  assert.deepEqual([wrong, values[0]?.login, values[0]?.name], [[], "anna", "Anna"]);
  const unknown = await checkFile("No.,Pupil,Code\n1,Anna,anna\n", { columns: ["shoe", "name", "name"] });
  assert.deepEqual(
    unknown.wrong.map((line) => line.split(":")[0]),
    ["1 login", "1 No.", "1 Code"],
  );
});

test("a missing course is created where that is wanted, and is the course of rows that name none", async () => {
  const options = { createCourses: true, courseId: "c9" };
  const { values, wrong } = await checkFile("login,name,course\na,A,Physics\nb,B,Maths\nc,C,\n", options);
  assert.deepEqual(wrong, []);
  assert.deepEqual(
    values.map((value) => [value?.newCourse, value?.courseId]),
    [
      ["Physics", null],
      [null, "c1"],
      [null, "c9"],
    ],
  );
});

test("empty cells beyond the headings are no fault, others are", async () => {
  const { wrong } = await checkFile("login,name\na,A,,,\nb,B,x\n");
  assert.deepEqual(wrong, ["3 : 3 cells, but only 2 columns are named."]);
});

test("rows without any text are no rows", async () => {
  const { values, wrong } = await checkFile("login,name,role\na,A,\n,,\nb,B,\n,,\n ,,\n");
  assert.deepEqual([values.map((value) => value?.login), wrong], [["a", "b"], []]);
  assert.deepEqual((await checkFile("login,name\n,\n")).wrong, ["2 : There are no rows."]);
});

test("a list without usernames gets them from the names where that is asked for, and an own column comes before them", async () => {
  const list = "姓名,身份\n李梅,学生\n李梅,学生\n—,学生\n";
  const { wrong: missing } = await checkFile(list);
  assert.ok(missing.includes("1 login: this column is missing"), missing.join("\n"));
  const { values, wrong } = await checkFile(list, { makeLogins: true });
  assert.deepEqual(
    values.map((one) => one?.login),
    ["李梅", "李梅2", undefined],
  );
  assert.match(wrong.join(), /^4 login: /);
  const named = await checkFile("login,name\nxs1,李梅\n", { makeLogins: true });
  assert.deepEqual([named.values[0]?.login, named.wrong], ["xs1", []]);
});
