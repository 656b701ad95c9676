/** Entity tags of conditional requests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hasTag } from "./entity-tag.ts";

test("If-None-Match names a tag alone, in a list, weakly or by an asterisk", () => {
  for (const condition of ['"a"', '"b", "a"', 'W/"a"', "*"]) assert.ok(hasTag(condition, '"a"'), condition);
  for (const condition of ['"b"', '"aa"', "a", ""]) assert.equal(hasTag(condition, '"a"'), false, condition);
});
