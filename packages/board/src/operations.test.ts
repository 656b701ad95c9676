import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isPageId, parseOperation, parseOperations, partsOfPage, tagOf } from "./operations.ts";
import { LIMITS, type Operation } from "./shapes.ts";

const box = { x: 10, y: 20, width: 300, height: 40 };
const known: readonly Operation[] = [
  ["s", "ab12.1", "pen", "black", 12, "CCCCAACA", 0],
  ["p", "ab12.1", "", 1],
  ["i", "ab12.2", { type: "shape", shape: "arrow", color: "red", stroke: 12, ...box, width: -300 }],
  ["i", "ab12.3", { type: "text", text: "两行\nof text", color: "blue", size: 96, ...box }],
  ["i", "ab12.4", { type: "formula", tex: "x^2", paths: "M0 0L10,-4.5e1Q1 2 3 4z", color: "black", ...box }],
  ["i", "ab12.5", { type: "picture", material: "01m7abc", page: 3, ...box }],
  ["m", "ab12.1", -40, 12, 1.5],
  ["t", "ab12.1", "green"],
  ["d", ["ab12.1", "zz99.7"]],
  ["u", ["ab12.1"]],
  ["x"],
];

test("reads every operation as it is", () => {
  assert.deepEqual(parseOperations(JSON.parse(JSON.stringify(known))), known);
});

test("numbers are rounded to what is stored, and fields that are unknown are left out", () => {
  const read = parseOperation([
    "i",
    "ab12.2",
    { type: "text", text: "a", color: "red", size: 9.6, ...box, x: -0.2, extra: "x".repeat(5000) },
  ]);
  assert.deepEqual(read, ["i", "ab12.2", { type: "text", text: "a", color: "red", size: 10, ...box, x: 0 }]);
  assert.deepEqual(parseOperation(["m", "ab12.1", 1.6, 2, 1.23456]), ["m", "ab12.1", 2, 2, 1.235]);
});

test("refuses what is no operation, and says why", () => {
  const refused: readonly unknown[] = [
    null,
    "x",
    [],
    {},
    ["x", 1],
    ["y", "ab12.1"],
    ["s", "ab12", "pen", "black", 12, "", 0],
    ["s", "ab12.0", "pen", "black", 12, "", 0],
    ["s", "AB12.1", "pen", "black", 12, "", 0],
    ["s", "ab12.1", "brush", "black", 12, "", 0],
    ["s", "ab12.1", "pen", "#000", 12, "", 0],
    ["s", "ab12.1", "pen", "black", 5000, "", 0],
    ["s", "ab12.1", "pen", "black", 12, "CCC", 0],
    ["s", "ab12.1", "pen", "black", 12, "CCCC", true],
    ["s", "ab12.1", "pen", "black", 12, "AAAA".repeat(LIMITS.pointsOfStroke + 1), 0],
    ["p", "ab12.1", 4, 0],
    ["p", "ab12.1", "CCCC", 0, 0],
    ["i", "ab12.1", { type: "stroke", points: [] }],
    ["i", "ab12.1", { type: "constructor" }],
    ["i", "ab12.1", { type: "text", text: "x".repeat(LIMITS.textLength + 1), color: "red", size: 96, ...box }],
    ["i", "ab12.1", { type: "text", text: "a\u202eb", color: "red", size: 96, ...box }],
    ["i", "ab12.1", { type: "text", text: "a\u0000b", color: "red", size: 96, ...box }],
    ["i", "ab12.1", { type: "formula", tex: "x", paths: "M0 0<script>", color: "red", ...box }],
    ["i", "ab12.1", { type: "picture", material: "../../x", page: 1, ...box }],
    ["i", "ab12.1", { type: "shape", shape: "line", color: "red", stroke: 1, ...box, x: 1e9 }],
    ["m", "ab12.1", Number.NaN, 0, 1],
    ["m", "ab12.1", 0, 0, 0],
    ["m", "ab12.1", 0, "1", 1],
    ["t", "ab12.1", "mauve"],
    ["d", []],
    ["d", "ab12.1"],
    ["d", Array.from({ length: LIMITS.idsOfOperation + 1 }, (_, i) => `ab12.${i + 1}`)],
    ["u", ["ab12.1", null]],
    ["p", "ab12.1", "", -0],
  ];
  for (const value of refused) {
    const read = parseOperation(value);
    assert.ok("mistake" in read && read.mistake.length > 3, JSON.stringify(value).slice(0, 80));
  }
  for (const values of [null, [], {}, "x", Array.from({ length: LIMITS.operationsOfAction + 1 }, () => ["x"]), [["x"], ["q"]]])
    assert.ok("mistake" in parseOperations(values));
});

test("never throws, and what it reads it reads again as the same", () => {
  const anything = fc.oneof(fc.anything({ maxDepth: 4 }), fc.jsonValue());
  const letters = fc.constantFrom("s", "p", "i", "m", "t", "d", "u", "x");
  const nearly = fc
    .tuple(letters, fc.constantFrom("ab12.1", "q"), fc.array(anything))
    .map(([letter, id, rest]) => [letter, id, ...rest]);
  const altered = fc.tuple(fc.constantFrom(...known), fc.nat(8), anything).map(([operation, at, value]) => {
    const copy: unknown[] = [...operation];
    copy[at] = value;
    return copy;
  });
  fc.assert(
    fc.property(fc.oneof(anything, nearly, altered), (value) => {
      const read = parseOperation(value);
      if (!("mistake" in read)) assert.deepEqual(parseOperation(JSON.parse(JSON.stringify(read))), read);
    }),
    { numRuns: 3000 },
  );
});

test("ids say whose an item is, and where a page lies", () => {
  assert.equal(tagOf("ab12.77"), "ab12");
  assert.deepEqual(partsOfPage("3.12"), { set: 3, number: 12 });
  assert.ok(isPageId("3.12"));
  for (const id of ["3", "0.1", "1.0", "3.12.1", "3.x", 3.1, null]) assert.ok(!isPageId(id));
});
