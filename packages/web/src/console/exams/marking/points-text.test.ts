import assert from "node:assert/strict";
import { test } from "node:test";
import { pointButtons, readPoints, sumOf, withHalf } from "./points-text.ts";

test("whole and half points are read with a point or a comma, in full width too", () => {
  assert.deepEqual(
    ["3", "2.5", "2,5", ".5", "３", " 4 "].map((typed) => readPoints(typed, 4)),
    [3, 2.5, 2.5, 0.5, 3, 4],
  );
});

test("more points than the question has, other fractions and words are none", () => {
  assert.deepEqual(
    ["5", "2.25", "-1", "", "two", "1e1"].map((typed) => readPoints(typed, 4)),
    [null, null, null, null, null, null],
  );
});

test("points are buttons where they are few", () => {
  assert.deepEqual([pointButtons(2), pointButtons(0.5), pointButtons(20)], [[0, 1, 2], [0], []]);
});

test("a half is put to the points and taken away again, and never goes beyond the question's", () => {
  assert.deepEqual(
    ["2", "2.5", "", "3", "x"].map((typed) => withHalf(typed, 3)),
    ["2.5", "2", "0.5", "2.5", "0.5"],
  );
});

test("the criteria that are met are summed", () => {
  const criteria = [
    { id: "a", text: "A", points: 1.5 },
    { id: "b", text: "B", points: 1 },
  ];
  assert.deepEqual(
    [[], ["a"], ["a", "b", "x"]].map((met) => sumOf(criteria, met)),
    [0, 1.5, 2.5],
  );
});
