import assert from "node:assert/strict";
import { test } from "node:test";
import { isTransient, problemFromStatus } from "./problem.ts";

test("each HTTP status maps to its problem, and only transient problems are retried", () => {
  assert.deepEqual([404, 410, 401, 403, 429, 503, 500, 0].map(problemFromStatus), [
    "not-live",
    "expired",
    "refused",
    "refused",
    "busy",
    "busy",
    "network",
    "network",
  ]);
  assert.ok(
    isTransient("network") &&
      isTransient("not-live") &&
      !isTransient("expired") &&
      !isTransient("elsewhere") &&
      !isTransient("codec"),
  );
});
