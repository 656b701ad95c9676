/** Answers: which are taken, and which is the newest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AnswerValue } from "./answer.ts";
import { answersOf } from "./answers-of.ts";
import { checkAnswer, isAnswerValue } from "./check-answer.ts";
import { EVERY_KIND } from "./test-paper.ts";

/** Good and bad ones of q1 to q9. */
const VALUES: readonly (readonly [good: readonly unknown[], bad: readonly unknown[]])[] = [
  [
    ["a", "c"],
    ["z", "", 1, ["a"], true],
  ],
  [
    [[], ["a"], ["d", "a"]],
    [["a", "a"], ["z"], "a", [1]],
  ],
  [
    [true, false],
    ["true", 1, []],
  ],
  [
    [{}, { 1: "x" }, { 1: "x", 2: "3" }],
    [{ 3: "x" }, { 1: 5 }, { 1: "x".repeat(201) }, ["x"], JSON.parse('{"__proto__":"x"}')],
  ],
  [
    [{}, { a: "c" }, { a: "a", b: "a" }],
    [{ c: "a" }, { a: "z" }, { a: ["a"] }, "a"],
  ],
  [
    [[], ["c", "a", "b"]],
    [["a", "a"], ["a", "b", "c", "d"], { a: "b" }],
  ],
  [
    ["", "yes"],
    ["x".repeat(201), 5, ["yes"]],
  ],
  [[{ typed: "Once" }], ["Once", { typed: "x".repeat(20_001) }, { typed: "x", more: 1 }, { uploads: ["u"] }]],
  [
    [{ uploads: ["u1"] }, { uploads: [] }],
    [{ uploads: ["u1", "u2"] }, { uploads: ["../x"] }, { uploads: "u" }, { typed: "x" }],
  ],
];

test("an answer has the shape of its question, and its ids", () => {
  for (const [i, { question }] of EVERY_KIND.entries()) {
    const [good, bad] = VALUES[i]!;
    for (const value of [null, ...good]) {
      assert.equal(checkAnswer(question, value), true, `${question.kind} ${JSON.stringify(value)}`);
      assert.equal(isAnswerValue(value), true, `${question.kind} ${JSON.stringify(value)}`);
    }
    for (const value of [undefined, ...bad])
      assert.equal(checkAnswer(question, value), false, `${question.kind} ${JSON.stringify(value)?.slice(0, 50)}`);
  }
});

test("a value that no question takes is refused without the paper", () => {
  const wrong = [
    undefined,
    5,
    [1],
    { a: 5 },
    "x".repeat(201),
    { typed: "x".repeat(20_001) },
    Array(21).fill("a"),
    [["a"]],
    { "a b": "c" },
  ];
  for (const value of wrong) assert.equal(isAnswerValue(value), false, JSON.stringify(value)?.slice(0, 50));
});

test("the check takes any value without throwing", () => {
  fc.assert(
    fc.property(fc.constantFrom(...EVERY_KIND), fc.anything(), ({ question }, value) => {
      if (checkAnswer(question, value)) assert.equal(isAnswerValue(value), true);
    }),
  );
});

test("the newest answer is that of the highest seat, then of the highest number, in any order", () => {
  const answer = fc.record({
    question: fc.constantFrom("q1", "q2", "constructor"),
    seat: fc.integer({ min: 1, max: 3 }),
    seq: fc.integer({ min: 1, max: 20 }),
  });
  const unique = fc.uniqueArray(answer, { selector: ({ seat, seq }) => `${seat} ${seq}` });
  fc.assert(
    fc.property(unique, (list) => {
      const values = list.map((each) => ({ ...each, value: `${each.seat}-${each.seq}` as AnswerValue }));
      const newest = answersOf(values);
      for (const question of new Set(list.map((each) => each.question))) {
        const [last] = values.filter((each) => each.question === question).sort((a, b) => b.seat - a.seat || b.seq - a.seq);
        assert.equal(newest[question], last?.value);
      }
      assert.equal(Object.keys(newest).length, new Set(list.map((each) => each.question)).size);
    }),
  );
});
