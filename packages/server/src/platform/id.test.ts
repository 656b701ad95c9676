import assert from "node:assert/strict";
import { test } from "node:test";
import { ID, newId } from "./id.ts";

test("ids of one process sort by creation, even within one millisecond and when the clock is set back", () => {
  const start = Date.now() + 1000;
  const ids = [newId(start), newId(start), newId(start - 5000), newId(start), newId(start + 1)];
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, ID);
});
