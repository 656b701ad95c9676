/** People from CSV: defaults, and the errors of each row. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { textIn } from "../../platform/messages/message.ts";
import { type CsvRow, readCsv } from "./csv.ts";
import { hashPasswords, PEOPLE_COLUMNS, readPeople } from "./people-import.ts";

const SCHOOL = { courses: [{ id: "c1", name: "Maths" }], logins: ["taken"] };

function rows(...lines: string[]): readonly CsvRow[] {
  const read = readCsv(["login,name,role,email,password,course", ...lines].join("\n"), PEOPLE_COLUMNS);
  assert.ok(!("errors" in read), JSON.stringify(read));
  return read;
}

function errorsOf(...lines: string[]) {
  const read = readPeople(SCHOOL, rows(...lines));
  assert.ok("errors" in read);
  return read.errors.map(({ line, column, text }) => [line, column, textIn("en", text)]);
}

test("a person is a student without mail, password and course, where nothing else is given", () => {
  assert.deepEqual(readPeople(SCHOOL, rows("Wang.Fang,Wang Fang,,,,")), [
    { login: "wang.fang", name: "Wang Fang", role: "student", email: null, password: null, courseId: null, hash: null },
  ]);
});

test("a course is found by its name", () => {
  const people = readPeople(SCHOOL, rows("a,A,teacher,a@b.cn,long enough,Maths"));
  assert.ok(!("errors" in people));
  assert.equal(people[0]?.courseId, "c1");
});

test("every wrong cell is reported with its line and column", () => {
  assert.deepEqual(
    errorsOf("a b,A,,,,", "b,B,king,,,", "c,C,,nowhere,,", "d,D,,,short,", "e,E,,,,History", "f,F,administrator,,,Maths"),
    [
      [2, "login", "has 1 to 100 letters, digits and . _ @ + -"],
      [3, "role", "is one of administrator, teacher, assistant, student, supervisor"],
      [4, "email", "is not a mail address"],
      [5, "password", "has at least 8 characters"],
      [6, "course", 'there is no course "History"'],
      [7, "course", "an administrator is in no course"],
    ],
  );
});

test("nobody imports an operator", () => {
  assert.equal(errorsOf("a,A,operator,,,")[0]?.[1], "role");
});

test("a login of the school, or of an earlier line, is taken", () => {
  assert.deepEqual(errorsOf("taken,A,,,,", "new,B,,,,", "NEW,C,,,,"), [
    [2, "login", "is taken already: someone in this school has it"],
    [4, "login", "is taken already: line 3 has it"],
  ]);
});

test("passwords are hashed before the transaction, with progress", async () => {
  const people = readPeople(SCHOOL, rows("a,A,,,long enough,", "b,B,,,,"));
  assert.ok(!("errors" in people));
  const progress: number[] = [];
  await hashPasswords(people, (done) => progress.push(done));
  assert.match(people[0]?.hash ?? "", /^\$argon2id/);
  assert.equal(people[1]?.hash, null);
  assert.deepEqual(progress, [2]);
});
