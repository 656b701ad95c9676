import assert from "node:assert/strict";
import { test } from "node:test";
import { isComplete, newField, optionsOf, readFields, writeFields } from "./form-fields.ts";

test("a new question has a key that no other has, also after others were removed", () => {
  const first = newField([]);
  const second = newField([first]);
  assert.deepEqual([first.key, second.key, newField([second]).key], ["q1", "q2", "q3"]);
  assert.deepEqual(readFields(writeFields([first, second])), [first, second]);
});

test("options have commas of either language between, none is empty or there twice", () => {
  assert.deepEqual(optionsOf("well, ill，tired、 ill ,"), ["well", "ill", "tired"]);
});

test("a form is complete with a text for each question and two options for each choice", () => {
  const field = { ...newField([]), label: "Well?" };
  assert.deepEqual([isComplete([]), isComplete([field]), isComplete([{ ...field, label: " " }])], [false, true, false]);
  assert.equal(isComplete([{ ...field, type: "choice", options: ["one"] }]), false);
});
