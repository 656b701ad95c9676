/** The bars of a quiz. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEntry, quizzesOf, resultsOf } from "@lectern/room";
import { answerBars } from "./answer-bars.ts";

function quizzes(...bodies: readonly object[]) {
  return quizzesOf(
    bodies.flatMap((body, i) => parseEntry({ epoch: "e", seq: i, kind: "quiz", key: `quiz/${i}`, ref: `${i}`, ...body })),
  ).toReversed();
}

test("bars: options in their order with none at zero left out, true and false, and numbers as they were counted", () => {
  const open = { type: "single", text: "?", options: ["A", "B"], state: "revealed", correct: [1] };
  const [single, boolean, number] = quizzes(
    open,
    { type: "boolean", correct: false },
    { type: "number", correct: { value: 4, tolerance: 0 } },
    { type: "essay" },
  );
  assert.ok(single && boolean && number);
  assert.deepEqual(answerBars(single, resultsOf({ counts: [{ choice: 1, count: 3 }] })), [
    { answer: "A", count: 0, isCorrect: false },
    { answer: "B", count: 3, isCorrect: true },
  ]);
  assert.deepEqual(answerBars(boolean, null), [
    { answer: true, count: 0, isCorrect: false },
    { answer: false, count: 0, isCorrect: true },
  ]);
  assert.deepEqual(answerBars(number, resultsOf({ counts: [{ choice: 4, count: 2 }, { choice: 5, count: 1 }, "x"] })), [
    { answer: "4", count: 2, isCorrect: true },
    { answer: "5", count: 1, isCorrect: false },
  ]);
});
