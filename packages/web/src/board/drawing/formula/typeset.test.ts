import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOperation } from "@lectern/board";
import { placed } from "./path-data.ts";
import { typeset, typesetInline } from "./typeset.ts";

test("a formula is path data that the room takes, as wide as its letters", () => {
  for (const tex of [
    "\\frac{-b \\pm \\sqrt{b^2-4ac}}{2a}",
    "\\left(\\begin{matrix}a\\\\b\\\\c\\\\d\\end{matrix}\\right)",
    "\\ce{2H2O}",
  ]) {
    const result = typeset(tex, 200);
    assert.ok("paths" in result, tex);
    assert.ok(result.width > 100 && result.height > 100);
    const content = { type: "formula", tex, color: "black", x: 10, y: 10, ...result };
    assert.deepEqual(parseOperation(["i", "aaaa.1", content]), ["i", "aaaa.1", content]);
  }
});

test("what is no formula, and letters that the font lacks, are told apart", () => {
  const problem = (tex: string) => {
    const result = typeset(tex, 200);
    return "problem" in result ? result.problem : null;
  };
  assert.equal(problem("\\frac{"), "mistake");
  assert.equal(problem("\\text{面积}"), "letters");
  assert.equal(problem("\\alpha\\beta".repeat(200)), "too-long");
});

test("path data is moved, enlarged, held to a clip, and written relative to where it is", () => {
  const half = { scaleX: 0.5, scaleY: -0.5, x: 10, y: 100 };
  assert.equal(placed("M0 0L20 0V40Q0 40 0 0ZM10 10H20", half), "M10 100l10 0v-20q-10 0-10 20zM15 95h5");
  assert.equal(placed("M0 0H100V100", { ...half, scaleY: 0.5 }, { left: 0, top: 0, right: 30, bottom: 120 }), "M10 100h20v20");
  assert.throws(() => placed("M0 0A1 1 0 0 0 5 5", half));
});

test("a formula that would push a page away is none in a text", () => {
  assert.equal(typesetInline("\\rule{1000000em}{1em}", 1000), null);
  assert.equal(typesetInline("\\rule{1em}{1000000em}", 1000), null);
  assert.notEqual(typesetInline("\\rule{50em}{1em}", 1000), null);
});
