import assert from "node:assert/strict";
import { test } from "node:test";
import { isOfAllSchools, platformQuery, type SchoolSummary, schoolQuery, shownSchool } from "./school-context.ts";

const school = (id: string): SchoolSummary => ({
  id,
  name: id,
  slug: id,
  timeZone: "Asia/Shanghai",
  version: 1,
  ladder: null,
  ladderStart: null,
  logo: null,
});
const [a, b] = [school("a"), school("b")];

test("an administrator sees their own school whatever the address says", () => {
  assert.equal(shownSchool([a], "a", "b"), a);
});

test("an operator sees the school of the address, the only school, or all of them", () => {
  assert.equal(shownSchool([a, b], null, "b"), b);
  assert.equal(shownSchool([a], null, null), a);
  assert.equal(shownSchool([a, b], null, null), null);
  assert.equal(shownSchool([a, b], null, "unknown"), null);
  assert.equal(shownSchool([], null, null), null);
});

test("lists are limited to the school, and to nothing without one", () => {
  assert.deepEqual(schoolQuery({ school: a }), { schoolId: "a" });
  assert.deepEqual(schoolQuery({ school: null }), {});
});

test("an operator of one school sees what the platform has; an administrator what the school has", () => {
  assert.deepEqual(platformQuery({ isOperator: true, schools: [a], school: a }), {});
  assert.deepEqual(platformQuery({ isOperator: true, schools: [a, b], school: a }), { schoolId: "a" });
  assert.deepEqual(platformQuery({ isOperator: true, schools: [a, b], school: null }), {});
  assert.deepEqual(platformQuery({ isOperator: false, schools: [a], school: a }), { schoolId: "a" });
});

test("what is added needs a school only where several are shown", () => {
  assert.equal(isOfAllSchools({ schools: [a, b], school: null }), true);
  assert.equal(isOfAllSchools({ schools: [a, b], school: b }), false);
  assert.equal(isOfAllSchools({ schools: [a], school: null }), false);
  assert.equal(isOfAllSchools({ schools: [], school: null }), false);
});
