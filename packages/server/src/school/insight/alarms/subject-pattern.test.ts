/** Patterns of subjects: `*` stands for any text, everything else for itself, and a hostile pattern takes no time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { matchesPattern } from "./subject-pattern.ts";

test("a pattern matches as the same regular expression does", () => {
  const text = (letters: readonly string[]) => fc.array(fc.constantFrom(...letters), { maxLength: 10 }).map((all) => all.join(""));
  fc.assert(
    fc.property(text(["a", "b", "*", "."]), text(["a", "b", "."]), (pattern, subject) => {
      const parts = pattern.split("*").map((part) => part.replaceAll(".", "\\."));
      assert.equal(matchesPattern(pattern, subject), new RegExp(`^${parts.join(".*")}$`).test(subject));
    }),
  );
});

test("a pattern of many stars is matched in little time", () => {
  const began = performance.now();
  assert.equal(matchesPattern(`${"*a".repeat(99)}*b`, "a".repeat(200)), false);
  assert.ok(performance.now() - began < 100);
});
