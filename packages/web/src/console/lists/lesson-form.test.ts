import assert from "node:assert/strict";
import { test } from "node:test";
import { lessonBody, lessonFields } from "./lesson-form.ts";

const options = { t: (key: string) => key, zone: "Asia/Shanghai", teachers: [], courses: [] };

test("the form of a lesson gives back the same lesson", () => {
  const lesson = {
    title: "Fractions",
    startsAt: "2026-12-01T01:00:00.000Z",
    endsAt: "2026-12-01T01:45:00.000Z",
    teacherId: "t1",
    courseId: null,
    openToSchool: true,
    record: true,
  };
  const values = Object.fromEntries(lessonFields(lesson, options).map(({ name, value = "" }) => [name, value]));
  assert.equal(values["startsAt"], "2026-12-01T09:00");
  assert.deepEqual(lessonBody(values, options.zone), lesson);
});

test("an empty form is a lesson without times, teacher and course that is not recorded", () => {
  const values = Object.fromEntries(lessonFields(null, options).map(({ name, value = "" }) => [name, value]));
  assert.deepEqual(lessonBody(values, options.zone), {
    title: "",
    openToSchool: false,
    record: false,
    startsAt: null,
    endsAt: null,
    teacherId: null,
    courseId: null,
  });
});
