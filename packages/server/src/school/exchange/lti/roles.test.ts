import assert from "node:assert/strict";
import { test } from "node:test";
import { courseRole, isStronger } from "./roles.ts";

const MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership";

test("the role in the course counts, and no role of the institution or the system", () => {
  const cases: readonly [readonly string[], string | null][] = [
    [[`${MEMBERSHIP}#Instructor`], "teacher"],
    [[`${MEMBERSHIP}#Learner`], "student"],
    [[`${MEMBERSHIP}#Mentor`], "supervisor"],
    [["Instructor"], "teacher"],
    [[`${MEMBERSHIP}#Instructor`, `${MEMBERSHIP}/Instructor#TeachingAssistant`], "assistant"],
    [[`${MEMBERSHIP}#Learner`, `${MEMBERSHIP}#Instructor`], "teacher"],
    [[`${MEMBERSHIP}#Administrator`], null],
    [[`${MEMBERSHIP}/Instructor#Grader`], null],
    [["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"], null],
    [["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"], null],
    [["administrator", "operator", "toString", "__proto__"], null],
    [[], null],
  ];
  for (const [roles, expected] of cases) assert.equal(courseRole(roles), expected, roles.join(" "));
});

test("a launch makes an account stronger, never weaker, and never changes one of an administrator", () => {
  assert.equal(isStronger("teacher", "student"), true);
  assert.equal(isStronger("assistant", "student"), true);
  assert.equal(isStronger("student", "teacher"), false);
  assert.equal(isStronger("teacher", "teacher"), false);
  for (const role of ["administrator", "operator"]) assert.equal(isStronger("teacher", role), false);
});
