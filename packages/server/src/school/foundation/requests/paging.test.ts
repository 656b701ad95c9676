/** Pages of lists, and patterns for searches. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { definedFields } from "./fields.ts";
import { containsPattern, toPage } from "./paging.ts";

const rows = (...ids: string[]) => ids.map((id) => ({ id }));

test("a page has a cursor while more rows follow: the id of its last item", () => {
  assert.deepEqual(
    toPage(rows("a", "b", "c"), 2, ({ id }) => id),
    { items: ["a", "b"], nextCursor: "b" },
  );
  assert.deepEqual(
    toPage(rows("a", "b"), 2, ({ id }) => id),
    { items: ["a", "b"], nextCursor: null },
  );
  assert.deepEqual(
    toPage(rows(), 2, ({ id }) => id),
    { items: [], nextCursor: null },
  );
});

test("a search for characters with a meaning in LIKE finds those characters", () => {
  assert.equal(containsPattern("50%_\\"), "%50\\%\\_\\\\%");
});

test("fields that a request does not name are left out, null is kept", () => {
  assert.deepEqual(definedFields({ a: 1, b: undefined, c: null }), { a: 1, c: null });
});
