import assert from "node:assert/strict";
import { test } from "node:test";
import type { Question } from "@lectern/exam";
import { answerLines, questionLine, solutionLines } from "./answer-text.ts";

const WORDS = { yes: "True", no: "False" };
const BASE = { id: "q", text: "Q?", points: 1 };
const option = (id: string) => ({ id, text: id.toUpperCase() });
const SINGLE: Question = { ...BASE, kind: "single", options: [option("a"), option("b")] };
const GAPS: Question = {
  ...BASE,
  kind: "gaps",
  text: "It is {{x}} at {{y}}.",
  gaps: [
    { id: "x", form: "text" },
    { id: "y", form: "number", unit: "°C" },
  ],
};
const MATCHING: Question = { ...BASE, kind: "matching", left: [option("l")], right: [option("r"), option("s")] };

test("answers are written with the words of the options", () => {
  assert.deepEqual(answerLines(SINGLE, "b", WORDS), ["B"]);
  assert.deepEqual(answerLines({ ...SINGLE, kind: "multiple" }, ["b", "a"], WORDS), ["A", "B"]);
  assert.deepEqual(answerLines({ ...BASE, kind: "boolean" }, false, WORDS), ["False"]);
  assert.deepEqual(answerLines({ ...BASE, kind: "ordering", items: [option("a"), option("b")] }, ["b", "a"], WORDS), [
    "1. B",
    "2. A",
  ]);
  assert.deepEqual(answerLines(MATCHING, { l: "s" }, WORDS), ["L → S"]);
  assert.deepEqual(answerLines(GAPS, { y: "20" }, WORDS), ["1. …", "2. 20 °C"]);
  assert.deepEqual(answerLines({ ...BASE, kind: "essay", form: "typed" }, { typed: "I think" }, WORDS), ["I think"]);
  assert.deepEqual(
    [null, true].map((value) => answerLines(SINGLE, value, WORDS)),
    [[], []],
  );
});

test("what is right is written alike, and nothing where a person decides", () => {
  assert.deepEqual(solutionLines(SINGLE, { kind: "single", right: "a" }, WORDS), ["A"]);
  const accepted = { x: { texts: ["cold", "chilly"] }, y: { value: 20, tolerance: 0.5, unit: "°C" } };
  assert.deepEqual(solutionLines(GAPS, { kind: "gaps", accepted, scoring: "part" }, WORDS), ["1. cold / chilly", "2. 20 ± 0.5 °C"]);
  assert.deepEqual(solutionLines({ ...BASE, kind: "text" }, { kind: "text", accepted: { texts: [] } }, WORDS), []);
});

test("the gaps of a question are lines in its text", () => {
  assert.equal(questionLine(GAPS), "It is ____ at ____.");
});
