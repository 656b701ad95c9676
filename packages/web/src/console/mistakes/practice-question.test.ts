/** A question that is asked again: it has all its options in some order, and is graded by their ids. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gradePractice, practiceQuestion } from "./practice-question.ts";

const MISTAKE = {
  question: {
    id: "q1",
    kind: "single" as const,
    text: "2 + 2?",
    points: 2,
    passage: "p1",
    options: ["a", "b", "c", "d"].map((id) => ({ id, text: id })),
  },
  solution: { kind: "single" as const, right: "b" },
};

test("options come in other orders, and none is lost", () => {
  const orders = [1, 2, 3, 4, 5, 6].map((seed) => {
    const question = practiceQuestion(MISTAKE, seed);
    assert.ok(question.kind === "single");
    return question.options.map(({ id }) => id).join("");
  });
  assert.ok(new Set(orders).size > 1);
  for (const order of orders) assert.equal([...order].toSorted().join(""), "abcd");
});

test("an answer is graded by the solution", () => {
  assert.equal(gradePractice(MISTAKE, "b").points, 2);
  assert.equal(gradePractice(MISTAKE, "a").points, 0);
  assert.equal(gradePractice(MISTAKE, null).points, 0);
});
