import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutHeader } from "./save-csv.ts";

test("the first row of a table may have line breaks in quotes", () => {
  assert.equal(withoutHeader('name,"1/2\n""a"""\nMei,B\nJie,C\n'), "Mei,B\nJie,C\n");
  assert.equal(withoutHeader("name\n"), "");
  assert.equal(withoutHeader("name"), "");
});
