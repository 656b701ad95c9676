import assert from "node:assert/strict";
import { test } from "node:test";
import { clockText } from "./clock-text.ts";

test("minutes and seconds are shown, and hours from the first one on", () => {
  const seconds = [-3, 0, 9, 60, 760, 3599, 3600, 4360, 36_000];
  const shown = ["0:00", "0:00", "0:09", "1:00", "12:40", "59:59", "1:00:00", "1:12:40", "10:00:00"];
  assert.deepEqual(
    seconds.map((one) => clockText(one * 1000)),
    shown,
  );
});
