import assert from "node:assert/strict";
import { test } from "node:test";
import { answersOf, type CheckInField, inputsOf, unansweredIn } from "./answers.ts";

const field = (key: string, type: CheckInField["type"], required = true): CheckInField => ({
  key,
  type,
  required,
  label: key,
  options: [],
});
const FIELDS = [field("well", "yes-no"), field("degrees", "number"), field("note", "text", false)];

test("inputs become answers of the fields' types, and answers become the same inputs", () => {
  const answers = { well: false, degrees: 36.6, note: "fine" };
  assert.deepEqual(answersOf(FIELDS, inputsOf(answers)), answers);
  assert.deepEqual(answersOf(FIELDS, { well: "true", degrees: " 36,6 ", note: " " }), { well: true, degrees: 36.6 });
});

test("a required field without an answer and a number that is none are found, an optional field is not", () => {
  assert.deepEqual(unansweredIn(FIELDS, {}), ["well", "degrees"]);
  assert.deepEqual(unansweredIn(FIELDS, { well: "true", degrees: "warm" }), ["degrees"]);
  assert.deepEqual(unansweredIn([field("degrees", "number", false)], { degrees: "warm" }), ["degrees"]);
});

test("answers to fields that the form no longer has are left out", () => {
  assert.deepEqual(answersOf(FIELDS.slice(1), { well: "true", degrees: "1" }), { degrees: 1 });
});
