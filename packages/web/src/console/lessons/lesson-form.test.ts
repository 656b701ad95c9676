import assert from "node:assert/strict";
import { test } from "node:test";
import { lessonBody, lessonFields } from "./lesson-form.ts";

const options = {
  t: (key: string) => key,
  zone: "Asia/Shanghai",
  teachers: [],
  courses: [{ value: "c1", label: "Maths", ladder: "audio", ladderStart: null }],
  known: { presets: [], ladders: [] },
  schoolId: "s1",
  schools: [{ id: "s1", ladder: "full", ladderStart: "publish" as const }],
};

test("the form of a lesson gives back the same lesson", () => {
  const lesson = {
    title: "Fractions",
    startsAt: "2026-12-01T01:00:00.000Z",
    endsAt: "2026-12-01T01:45:00.000Z",
    teacherId: "t1",
    courseId: null,
    mode: "small" as const,
    openToSchool: true,
    record: true,
    ladder: "mobile",
    ladderStart: "demand" as const,
  };
  const values = Object.fromEntries(
    lessonFields({ ...lesson, schoolId: "s1" }, options).map(({ name, value = "" }) => [name, value]),
  );
  assert.equal(values["startsAt"], "2026-12-01T09:00");
  assert.deepEqual(lessonBody(values, options.zone), lesson);
});

test("an empty form is a lesson without times, teacher and course that is not recorded", () => {
  const values = Object.fromEntries(lessonFields(null, options).map(({ name, value = "" }) => [name, value]));
  assert.deepEqual(lessonBody(values, options.zone), {
    title: "",
    mode: "broadcast",
    openToSchool: false,
    record: false,
    startsAt: null,
    endsAt: null,
    teacherId: null,
    courseId: null,
    ladder: null,
    ladderStart: null,
  });
});

test("the qualities that a lesson would have by default are those of the chosen course, then of the school", () => {
  const t = (key: string, values: Readonly<Record<string, unknown>> = {}) => `${key} ${values["name"] ?? ""}`.trim();
  const presets = ["audio", "full"].map((id) => ({ id: id as "audio" | "full", rungs: [] }));
  const fields = lessonFields(null, { ...options, t, known: { presets, ladders: [] } });
  const [first] = fields.filter(({ name }) => name === "ladder");
  assert.ok(typeof first?.options === "function");
  const defaultFor = (courseId: string) => (typeof first.options === "function" ? first.options({ courseId })[0]?.label : "");
  assert.equal(defaultFor("c1"), "ladders.inherited ladders.presets.audio");
  assert.equal(defaultFor(""), "ladders.inherited ladders.presets.full");
});
