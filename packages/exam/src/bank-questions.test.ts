/** Questions of the quiz bank become questions of papers, and go back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type BankQuestion, bankQuestionOf, questionOfBank } from "./bank-questions.ts";
import { checkPaper } from "./check-paper.ts";
import { EVERY_KIND, paperWith } from "./test-paper.ts";

const base = { text: "Which?", options: [], explanation: null, tags: [] };
const ITEMS: readonly BankQuestion[] = [
  { ...base, type: "single", options: ["1", "2"], correct: [1], explanation: "Two.", tags: ["sums"] },
  { ...base, type: "multiple", options: ["1", "2", "3"], correct: [0, 2] },
  { ...base, type: "boolean", correct: false },
  { ...base, type: "number", correct: { value: 3.14, tolerance: 0.01 } },
  { ...base, type: "text", correct: ["北京", "Beijing"] },
];

test("each type of the bank becomes a question without errors, and is the same again", () => {
  for (const item of ITEMS) {
    const authored = questionOfBank(item, "q1", 2);
    assert.ok(typeof authored === "object", item.type);
    assert.deepEqual(checkPaper(paperWith([authored])), [], item.type);
    assert.deepEqual(bankQuestionOf(authored), item);
  }
});

test("a poll has no right answer", () => {
  for (const item of ITEMS) assert.equal(questionOfBank({ ...item, correct: null }, "q1"), "no-right-answer");
});

test("what the bank cannot say is named", () => {
  const problems = EVERY_KIND.map((authored) => {
    const converted = bankQuestionOf(authored);
    return typeof converted === "string" ? converted : converted.type;
  });
  const none = "kind-not-in-bank";
  assert.deepEqual(problems, ["single", "multiple", "boolean", none, none, none, "text", none, none]);
  const [, , boolean] = EVERY_KIND;
  const long = { ...boolean!, question: { ...boolean!.question, text: "x".repeat(1001) } };
  assert.equal(bankQuestionOf(long), "too-long-for-bank");
});
