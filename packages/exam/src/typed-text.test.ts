/** What candidates type: widths, spaces, commas, units. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { numberMatcher, readNumber, textMatcher } from "./typed-text.ts";

test("numbers are read as people type them", () => {
  const read: [string, number[], string?][] = [
    ["3", [3]],
    [" 3.5 ", [3.5]],
    ["3,5", [3.5]],
    ["３．５", [3.5]],
    ["−2", [-2]],
    ["－２", [-2]],
    ["+ 7", [7]],
    ["1 000 000", [1_000_000]],
    ["1,000", [1, 1000]],
    ["0,125", [0.125]],
    ["1,000,000", [1_000_000]],
    ["1.000.000", [1_000_000]],
    ["1,234.5", [1234.5]],
    ["1.234,5", [1234.5]],
    [".5", [0.5]],
    ["5.", [5]],
    ["3e8", [3e8]],
    ["3×10^8", [3e8]],
    ["3 × 10⁸ m/s", [3e8], "m/s"],
    ["1.6×10⁻¹⁹ C", [1.6e-19], "C"],
    ["5 m²", [5], "m2"],
    ["5m^2", [5], "m2"],
    ["20 ℃", [20], "°C"],
    ["-0", [0]],
    ["5米", [5], "米"],
  ];
  for (const [typed, values, unit = ""] of read) assert.deepEqual(readNumber(typed), { values, unit }, typed);
});

test("texts that are no number are none", () => {
  for (const typed of ["", "abc", "-", ",", "1,2,3", "1.2.3", "1,23,456", "1e999", "٣"])
    assert.equal(readNumber(typed), null, typed);
});

test("reading never throws, and a plain number is itself", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (typed) => void readNumber(typed)));
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (value) =>
      assert.ok(readNumber(String(value))?.values.includes(value + 0), String(value)),
    ),
  );
});

test("a number is right within the tolerance, with its unit or without", () => {
  const isRight = numberMatcher({ value: 9.81, tolerance: 0.02, unit: "m/s^2" });
  for (const typed of ["9.81", "9,8", "9.83 m/s²", "９．８ｍ／ｓ２"]) assert.equal(isRight(typed), true, typed);
  for (const typed of ["9.78", "9.81 m", "9.81 M/S^2", "g", ""]) assert.equal(isRight(typed), false, typed);
  assert.equal(numberMatcher({ value: 0.3, tolerance: 0 })(String(0.1 + 0.2)), true);
  assert.equal(numberMatcher({ value: 5, tolerance: 0 })("5 kg"), false);
  assert.equal(numberMatcher({ value: 5, tolerance: 0 }, "kg")("5 kg"), true);
});

test("texts count in any case, width and spacing, unless case matters", () => {
  const isRight = textMatcher({ texts: ["Na Cl", "氯化钠"] });
  for (const typed of ["na  cl", " ＮＡ　ＣＬ ", "氯化钠"]) assert.equal(isRight(typed), true, typed);
  assert.equal(isRight("nacl"), false);
  const isExact = textMatcher({ texts: ["pH"], isCaseSensitive: true });
  assert.equal(isExact(" ｐＨ "), true);
  assert.equal(isExact("PH"), false);
});
