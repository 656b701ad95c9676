/** Word lists and content checks through the API: who changes them, what they may hold, and that rooms go by them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";

async function fill({ ok, person }: TestSchool) {
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
  const administrator = await person(schoolId, "administrator");
  const teacher = await person(schoolId, "teacher");
  const student = await person(schoolId, "student");
  const stranger = await person(other.id, "administrator");
  const fields = { schoolId, title: "Fractions", teacherId: teacher.id, openToSchool: true };
  const lesson = await ok("POST", "/lessons", { body: fields });
  return { schoolId, lesson, as: administrator.token, teacher: teacher.token, student: student.token, stranger: stranger.token };
}

onEachDatabase((open) => {
  test("a word list is created, read, changed and deleted; the audit log has it without its words", async (t) => {
    const { ok, call } = await open(t);
    const { schoolId, as, teacher, stranger } = await fill({ ok, call } as TestSchool & object as TestSchool);
    assert.fail(`${schoolId}${as}${teacher}${stranger}`);
  });
});
