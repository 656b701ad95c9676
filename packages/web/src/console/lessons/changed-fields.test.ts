import assert from "node:assert/strict";
import { test } from "node:test";
import { changedFields } from "./changed-fields.ts";
import { lessonBody, lessonFields } from "./lesson-form.ts";

const ZONE = "Asia/Shanghai";
/** A lesson of a series: its teacher and its title are its own. */
const LESSON = {
  title: "Fractions, exam",
  startsAt: "2026-12-01T01:00:00.000Z",
  endsAt: "2026-12-01T01:45:00.000Z",
  teacherId: "substitute",
  courseId: "c1",
  mode: "small" as const,
  openToSchool: false,
  record: false,
  ladder: null,
  ladderStart: null,
  schoolId: "s1",
};

test("a change of one field of a lesson with a substitute names that field alone", () => {
  const fields = lessonFields(LESSON, {
    t: (key: string) => key,
    zone: ZONE,
    teachers: [],
    courses: [],
    known: { presets: [], ladders: [] },
    schoolId: "s1",
    schools: [],
  });
  const before = Object.fromEntries(fields.map(({ name, value = "" }) => [name, value]));
  const changes = changedFields(lessonBody(before, ZONE), lessonBody({ ...before, record: "yes" }, ZONE));
  assert.deepEqual(changes, { record: true });
});

test("lists are compared by what they hold, and a field that is emptied is a change", () => {
  const before = { weekly: [{ days: [1, 4] }], teacherId: "t1" };
  assert.deepEqual(
    changedFields<{ weekly: object; teacherId: string | null }>(before, { weekly: [{ days: [1, 4] }], teacherId: null }),
    {
      teacherId: null,
    },
  );
});
