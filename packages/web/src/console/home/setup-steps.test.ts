import assert from "node:assert/strict";
import { test } from "node:test";
import { nextStep } from "./setup-steps.ts";

const NOTHING = { people: false, timetable: false, logo: false, lesson: false };

test("a school is led from its people to the timetable, the logo and the first lesson", () => {
  assert.equal(nextStep(NOTHING), "people");
  assert.equal(nextStep({ ...NOTHING, people: true }), "timetable");
  assert.equal(nextStep({ ...NOTHING, people: true, timetable: true }), "logo");
  assert.equal(nextStep({ ...NOTHING, people: true, timetable: true, logo: true }), "lesson");
});

test("a step that was done early is not asked for again", () => {
  assert.equal(nextStep({ ...NOTHING, timetable: true, lesson: true }), "people");
});

test("a school that teaches is ready, also without a logo", () => {
  assert.equal(nextStep({ people: true, timetable: true, logo: false, lesson: true }), null);
});
