/** Which school a request acts on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../../access/actor.ts";
import { refusalCode, STRANGER } from "../store/test-database.ts";
import { actsFor, schoolScope } from "./scope.ts";
import { isNetwork, isTimeZone } from "./shapes.ts";

const TEACHER: Actor = { ...STRANGER, kind: "user", id: "t", role: "teacher", schoolId: "own" };
const OPERATOR: Actor = { ...STRANGER, kind: "user", id: "o", role: "operator" };

test("people act on their own school, and another one does not exist for them", async () => {
  assert.equal(schoolScope(TEACHER, undefined), "own");
  assert.equal(schoolScope(TEACHER, "own"), "own");
  assert.equal(await refusalCode(async () => schoolScope(TEACHER, "other")), "not-found");
});

test("operators act on the school that they name, else on all", () => {
  assert.equal(schoolScope(OPERATOR, "other"), "other");
  assert.equal(schoolScope(OPERATOR, undefined), null);
});

test("operators act for every school and the platform, people for their school only, strangers for none", () => {
  const schools = ["own", "other", null];
  assert.deepEqual(
    schools.map((school) => actsFor(OPERATOR, school)),
    [true, true, true],
  );
  assert.deepEqual(
    schools.map((school) => actsFor(TEACHER, school)),
    [true, false, false],
  );
  assert.deepEqual(
    schools.map((school) => actsFor(STRANGER, school)),
    [false, false, false],
  );
});

test("time zones and networks are recognised", () => {
  assert.deepEqual(["Asia/Shanghai", "UTC", "Mars/Base"].map(isTimeZone), [true, true, false]);
  assert.deepEqual(["10.0.0.0/8", "10.0.0.1", "fd00::/8", "10.0.0.0/33", "school"].map(isNetwork), [
    true,
    true,
    true,
    false,
    false,
  ]);
});
