/** People from CSV: defaults, and the errors of each row. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { textIn } from "../../../platform/messages/message.ts";
import { type CsvRow, readCsv } from "../../foundation/csv/csv.ts";
import { SCOPES_OF_ROLE } from "../../people/accounts/account-rights.ts";
import { hashPasswords, PEOPLE_COLUMNS, readPeople } from "./people-import.ts";

const SCHOOL = {
  courses: [{ id: "c1", name: "Maths" }],
  people: [{ id: "u1", login: "taken", name: "Taken", role: "student" as const, email: "t@a.cn" }],
  actor: { scopes: null },
};

async function rows(...lines: string[]): Promise<readonly CsvRow[]> {
  const read = await readCsv(["login,name,role,email,password,course", ...lines].join("\n"), PEOPLE_COLUMNS);
  assert.ok(!("errors" in read), JSON.stringify(read));
  return read;
}

async function errorsOf(...lines: string[]) {
  const read = await readPeople(SCHOOL, await rows(...lines));
  assert.ok("errors" in read);
  return read.errors.map(({ line, column, text }) => [line, column, textIn("en", text)]);
}

test("a person is a student without mail, password and course, where nothing else is given", async () => {
  assert.deepEqual(await readPeople(SCHOOL, await rows("Wang.Fang,Wang Fang,,,,")), [
    { login: "wang.fang", name: "Wang Fang", role: "student", email: null, password: null, courseId: null, existingId: null },
  ]);
});

test("a course is found by its name", async () => {
  const people = await readPeople(SCHOOL, await rows("a,A,teacher,a@b.cn,long enough too,Maths"));
  assert.ok(!("errors" in people));
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
  const people = await readPeople(SCHOOL, await rows("a,A,,,long enough,", "b,B,,,,"));
  assert.ok(!("errors" in people));
  const [first, second] = await hashPasswords(people);
  assert.match(first ?? "", /^\$argon2id/);
  assert.equal(second, null);
});

test("the same person again is no error and nobody new, so that a file can be sent twice", async () => {
  const people = await readPeople(SCHOOL, await rows("taken,Taken,student,,a new password,Maths"));
  assert.ok(!("errors" in people), JSON.stringify(people));
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
  assert.ok("errors" in read);
  assert.deepEqual(
    read.errors.map(({ line, column }) => [line, column]),
    [
      [3, "role"],
      [4, "role"],
    ],
  );
  assert.match(textIn("en", read.errors[0]!.text), /teacher: it does not have lessons:write, .*publish-keys:write/);
});
