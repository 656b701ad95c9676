/** CSV files: rows with their line numbers, and every error of a file. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { textIn } from "../../../platform/messages/message.ts";
import { MAX_ERRORS, readCsv } from "./csv.ts";

const COLUMNS = { required: ["login", "name"], optional: ["role"] };
const errorsOf = async (text: string) => {
  const read = await readCsv(text, COLUMNS);
  assert.ok("errors" in read, "no error was found");
  return read.errors.map(({ line, column, text: message }) => ({ line, column, message: textIn("en", message) }));
};
const rowsOf = async (text: string) => {
  const read = await readCsv(text, COLUMNS);
  assert.ok(!("errors" in read), JSON.stringify(read));
  return read;
};

test("rows have the line on which they start, across empty lines and quoted line breaks", async () => {
  const rows = await rowsOf('\uFEFFLogin, Name ,role\r\na,"Wang\nFang",teacher\r\n\r\nb,Li Mei\r\n');
  assert.deepEqual(rows, [
    { line: 2, cells: { login: "a", name: "Wang\nFang", role: "teacher" } },
    { line: 5, cells: { login: "b", name: "Li Mei", role: "" } },
  ]);
});

test("a file that Excel has written with semicolons or tabs is read by its own lines", async () => {
  const expected = [{ line: 2, cells: { login: "a", name: "Fang, Wang", role: "teacher" } }];
  assert.deepEqual(await rowsOf("\uFEFFLogin;Name;Role\r\na;Fang, Wang;teacher\r\n"), expected);
  assert.deepEqual(await rowsOf("Login\tName\tRole\r\na\tFang, Wang\tteacher\r\n"), expected);
  assert.deepEqual(await rowsOf("sep=;\r\nLogin;Name;Role\r\na;Fang, Wang;teacher\r\n"), [{ ...expected[0], line: 3 }]);
  assert.deepEqual(
    (await errorsOf("login;name;colour\na;b;c\n")).map(({ line, column }) => [line, column]),
    [[1, "colour"]],
  );
});

test("an empty file and a file without rows are errors", async () => {
  assert.deepEqual(await errorsOf(""), [{ line: 1, column: "", message: "The file is empty; the first line names the columns." }]);
  assert.deepEqual(await errorsOf("login,name\n"), [{ line: 2, column: "", message: "There are no rows." }]);
});

test("missing, unknown and repeated columns are all reported", async () => {
  const found = (await errorsOf("login,colour,login\na,b,c\n")).map(({ line, column }) => [line, column]);
  assert.deepEqual(found, [
    [1, "name"],
    [1, "colour"],
    [1, "login"],
  ]);
});

test("empty required cells and superfluous cells are reported with their line", async () => {
  assert.deepEqual(await errorsOf("login,name\n,Wang\na,Li,x\nb,\n"), [
    { line: 2, column: "login", message: "is empty" },
    { line: 3, column: "", message: "3 cells, but only 2 columns are named." },
    { line: 4, column: "name", message: "is empty" },
  ]);
});

test("an unclosed quote is reported, not thrown", async () => {
  assert.equal((await errorsOf('login,name\na,"Wang\n')).length, 1);
});

test("the number of reported errors is limited", async () => {
  assert.equal((await errorsOf(`login,name\n${",\n".repeat(MAX_ERRORS)}`)).length, MAX_ERRORS);
});

test("too many rows are refused with the first line that is too many", async () => {
  const found = await errorsOf(`login,name\n${"a,b\n".repeat(50_001)}`);
  assert.deepEqual(
    found.map(({ line }) => line),
    [50_002],
  );
});

test("any text gives rows or errors, and never throws", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: fc.constantFrom(",", '"', "\n", "\r", "a", "login", "name", "é") }), async (text) => {
      const read = await readCsv(text, COLUMNS);
      return "errors" in read ? read.errors.length > 0 : read.length > 0;
    }),
  );
});

test("characters of several bytes stay whole wherever the parser's slices end", async () => {
  const names = Array.from({ length: 30_000 }, (_, i) => `李娜😀${"x".repeat(i % 3)}`);
  const rows = await rowsOf(`login,name\n${names.map((name, i) => `a${i},${name}`).join("\n")}\n`);
  assert.deepEqual(
    rows.map(({ cells }) => cells["name"]),
    names,
  );
});

test("other work has its turn while a large file is read", async () => {
  let turns = 0;
  const counting = setInterval(() => turns++, 0);
  await rowsOf(`login,name\n${"a,some name of a person\n".repeat(40_000)}`);
  clearInterval(counting);
  // A fast machine reads it in 50 ms.
  assert.ok(turns >= 10, `${turns} turns`);
});
