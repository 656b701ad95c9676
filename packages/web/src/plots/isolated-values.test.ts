import assert from "node:assert/strict";
import { test } from "node:test";
import { isolatedValues } from "./isolated-values.ts";

test("values without a neighbour are found", () => {
  assert.deepEqual(isolatedValues([1, null, 0, 3, null, 4, undefined]), [0, 5]);
  assert.deepEqual(isolatedValues([]), []);
});
