import assert from "node:assert/strict";
import { test } from "node:test";
import { fileErrors } from "./file-errors.ts";

test("a mistake in a file has its line and, if the API names it, its column", () => {
  const errors = [
    { path: "3.options", message: "is empty" },
    { path: "12", message: "unreadable" },
    { path: "1.my.column", message: "is not known" },
  ];
  assert.deepEqual(fileErrors({ errors }), [
    { line: 3, column: "options", message: "is empty" },
    { line: 12, column: "", message: "unreadable" },
    { line: 1, column: "my.column", message: "is not known" },
  ]);
});

test("what is wrong with the request and not with the file is none", () => {
  assert.deepEqual(fileErrors({ errors: [{ path: "courseId", message: "is not an id" }] }), []);
  assert.deepEqual(fileErrors({}), []);
});
