import assert from "node:assert/strict";
import { test } from "node:test";
import { textParts } from "./formula-parts.ts";

const brief = (text: string) =>
  textParts(text).map((part) => (part.kind === "words" ? part.text : `${part.isDisplay ? "D" : "F"}:${part.tex}`));

test("formulas stand between dollar signs, in the line or on their own", () => {
  assert.deepEqual(brief("Solve $x^2=4$ for $x$."), ["Solve ", "F:x^2=4", " for ", "F:x", "."]);
  assert.deepEqual(brief("$$\\frac{1}{2}$$"), ["D:\\frac{1}{2}"]);
});

test("prices and escaped dollar signs are words", () => {
  assert.deepEqual(brief("It costs $5 or $6."), ["It costs $5 or $6."]);
  assert.deepEqual(brief("\\$x\\$"), ["$x$"]);
  assert.deepEqual(brief("one $ two"), ["one $ two"]);
  assert.deepEqual(brief(""), []);
});
