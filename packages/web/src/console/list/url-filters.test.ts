import assert from "node:assert/strict";
import { test } from "node:test";
import { nonEmpty, withFilter } from "./url-filters.ts";

test("a filter is set, replaced and removed, and the other parameters stay", () => {
  const before = new URLSearchParams("school=s1&search=a");
  assert.equal(withFilter(before, "state", "live").toString(), "school=s1&search=a&state=live");
  assert.equal(withFilter(before, "search", "b & c").toString(), "school=s1&search=b+%26+c");
  assert.equal(withFilter(before, "search", "").toString(), "school=s1");
  assert.equal(before.toString(), "school=s1&search=a");
});

test("empty and missing fields are left out of a query", () => {
  assert.deepEqual(nonEmpty({ search: "", role: undefined, cursor: "x" }), { cursor: "x" });
  assert.deepEqual(nonEmpty({}), {});
});
