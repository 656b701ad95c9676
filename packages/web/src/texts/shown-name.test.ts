/** Tests how the name of a person who was erased is shown. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { shownName } from "./shown-name.ts";

test("a person who was erased has words of the page's language, and others their names", () => {
  assert.equal(shownName("removed person", "已删除的人"), "已删除的人");
  assert.equal(shownName("李娜", "已删除的人"), "李娜");
});

test("these are the words that the server writes", () => {
  const erase = join(import.meta.dirname, "../../../server/src/school/exchange/privacy/erase.ts");
  const written = /REMOVED_PERSON = "([^"]+)"/.exec(readFileSync(erase, "utf8"))?.[1] ?? "";
  assert.equal(shownName(written, "gone"), "gone");
});
