import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration } from "./format-duration.ts";

test("hours appear only from one hour on, and negative times are zero", () => {
  assert.deepEqual([-3, 0, 9.9, 129, 3599, 3600, 3729].map(formatDuration), [
    "0:00",
    "0:00",
    "0:09",
    "2:09",
    "59:59",
    "1:00:00",
    "1:02:09",
  ]);
});
