/** Quizzes as a page reads them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { choiceOf, isRightAnswer, quizzesOf } from "./quiz.ts";
import { parseEntry } from "./wire.ts";

const read = (body: object) =>
  quizzesOf(parseEntry({ epoch: "e", seq: 1, kind: "quiz", key: "quiz/q", ref: "q", ...body })).at(0) ?? null;

test("a quiz is read with its results once they are revealed, and one of an unknown type is left out", () => {
  const quiz = read({ type: "single", text: "2+2?", options: ["3", "4"], state: "open", closesAt: null, anonymous: true });
  assert.deepEqual([quiz?.options, quiz?.state, quiz?.isAnonymous, quiz?.results], [["3", "4"], "open", true, null]);
  const counts = [
    { choice: 0, count: 1 },
    { choice: 1, count: 3 },
  ];
  const revealed = read({ type: "single", options: ["3", "4"], state: "revealed", correct: [1], results: { answered: 4, counts } });
  assert.deepEqual(revealed?.results, { answered: 4, counts, others: 0 });
  assert.equal(read({ type: "essay" }), null);
  assert.equal(read({ type: "single", results: { counts: [7, null] } })?.results?.counts.length, 0);
});

test("what is right is marked as right, by type", () => {
  const right = (type: string, correct: unknown, choice: unknown) => isRightAnswer({ type: type as "single", correct }, choice);
  assert.deepEqual([right("single", [1], 1), right("single", [1], 0), right("single", null, 0)], [true, false, null]);
  assert.deepEqual([right("boolean", false, false), right("boolean", false, true)], [true, false]);
  assert.deepEqual([right("number", { value: 0.3, tolerance: 0 }, 0.1 + 0.2), right("number", 5, 4)], [true, false]);
  assert.deepEqual([right("text", ["Paris"], " PARIS "), right("text", ["Paris"], "Rome")], [true, false]);
});

test("a choice that was stored badly is none", () => {
  assert.deepEqual([true, 4, "a", [0, 2]].map(choiceOf), [true, 4, "a", [0, 2]]);
  assert.deepEqual([null, undefined, Number.NaN, ["a"], {}].map(choiceOf), [null, null, null, null, null]);
});
