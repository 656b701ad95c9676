import assert from "node:assert/strict";
import { test } from "node:test";
import { courseClasses } from "./course-color.ts";

const six = ["a", "b", "c", "d", "e", "f"];

test("courses that are shown together differ in colour, as long as there are enough", () => {
  assert.equal(new Set(six.map(courseClasses(six))).size, 6);
  const seven = [...six, "g"];
  for (const name of seven.map(courseClasses(seven))) assert.match(name, /^course-[1-6]$/);
});

test("a course has its colour in whatever order others are listed, and a lesson of no course has none", () => {
  assert.equal(courseClasses(["a", null, "a"])("a"), courseClasses([])("a"));
  assert.deepEqual(six.map(courseClasses(six)), six.map(courseClasses(six.toReversed())));
  assert.equal(courseClasses([null])(null), "course-none");
});
