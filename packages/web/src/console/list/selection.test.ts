import assert from "node:assert/strict";
import { test } from "node:test";
import { headerState, withSelected } from "./selection.ts";

test("rows are selected and deselected without a change of the earlier selection", () => {
  const one = withSelected(new Set(), "a", true);
  const two = withSelected(one, "b", true);
  assert.deepEqual([[...one], [...two], [...withSelected(two, "a", false)]], [["a"], ["a", "b"], ["b"]]);
  assert.deepEqual([...withSelected(one, "x", false)], ["a"]);
});

test("the header is checked for all rows, indeterminate for some, and neither for an empty list", () => {
  assert.deepEqual(headerState(0, 0), { checked: false, indeterminate: false });
  assert.deepEqual(headerState(3, 0), { checked: false, indeterminate: false });
  assert.deepEqual(headerState(3, 2), { checked: false, indeterminate: true });
  assert.deepEqual(headerState(3, 3), { checked: true, indeterminate: false });
});
