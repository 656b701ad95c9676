import assert from "node:assert/strict";
import { test } from "node:test";
import { chapterAt } from "./chapters.ts";

test("the chapter at a time is the last that has started, and there is none before the first", () => {
  const chapters = [
    { seconds: 5, title: "Welcome" },
    { seconds: 60, title: "An example" },
  ];
  assert.deepEqual(
    [0, 4.98, 4.995, 59, 60, 900].map((seconds) => chapterAt(chapters, seconds)?.title ?? null),
    [null, null, "Welcome", "Welcome", "An example", "An example"],
  );
});
