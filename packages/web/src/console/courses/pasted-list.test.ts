/** Reads lists of people as they are pasted from mails, chats and spreadsheets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pastedPeople } from "./pasted-list.ts";

test("a list has a person a line, or several with commas of either language between", () => {
  assert.deepEqual(pastedPeople("wang\r\n\n  李娜，张伟、赵敏\nben, cai; wang\n"), ["wang", "李娜", "张伟", "赵敏", "ben", "cai"]);
});

test("a row of a spreadsheet is one person, with its commas", () => {
  assert.deepEqual(pastedPeople("wang\tWang, Fang\nli\tLi Na"), ["wang\tWang, Fang", "li\tLi Na"]);
});

test("a name with a mail address stays whole", () => {
  assert.deepEqual(pastedPeople("Wang Fang <wang@school.cn>; Li Na <li@school.cn>"), [
    "Wang Fang <wang@school.cn>",
    "Li Na <li@school.cn>",
  ]);
});
