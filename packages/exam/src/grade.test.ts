/** Points by the rules of each kind of question, and of a sheet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AnswerSheet, AnswerValue } from "./answer.ts";
import { gradeAnswer } from "./grade-answer.ts";
import { gradeSheet, sheetGrader } from "./grade-sheet.ts";
import type { AuthoredPaper } from "./paper.ts";
import type { AuthoredQuestion, Solution } from "./question.ts";
import { EVERY_KIND, paperWith } from "./test-paper.ts";

const [single, multiple, boolean, gaps, matching, ordering, text, essay, speaking] = EVERY_KIND as readonly [
  ...[AuthoredQuestion, AuthoredQuestion, AuthoredQuestion, AuthoredQuestion, AuthoredQuestion],
  ...[AuthoredQuestion, AuthoredQuestion, AuthoredQuestion, AuthoredQuestion],
];

function points({ question, solution }: AuthoredQuestion, value: AnswerValue | undefined): number {
  const score = gradeAnswer(question, solution, value);
  assert.equal(score.of, 2);
  return score.points;
}

function allOrNothing(authored: AuthoredQuestion): AuthoredQuestion {
  return { ...authored, solution: { ...authored.solution, scoring: "all" } as Solution };
}

test("no answer has no points", () => {
  for (const authored of EVERY_KIND)
    for (const value of [undefined, null])
      assert.deepEqual(gradeAnswer(authored.question, authored.solution, value), { points: 0, of: 2, by: "rules" });
});

test("a single choice and true or false have all points or none", () => {
  assert.equal(points(single, "b"), 2);
  assert.equal(points(single, "a"), 0);
  assert.equal(points(boolean, true), 2);
  assert.equal(points(boolean, false), 0);
  assert.equal(points(boolean, "true"), 0);
});

test("of a multiple choice, each wrong option takes away as much as a right one gives, never below 0", () => {
  assert.equal(points(multiple, ["c", "a"]), 2);
  assert.equal(points(multiple, ["a"]), 1);
  assert.equal(points(multiple, ["a", "b"]), 0);
  assert.equal(points(multiple, ["a", "c", "b"]), 1);
  assert.equal(points(multiple, ["b", "d"]), 0);
  assert.equal(points(multiple, ["a", "a"]), 1);
  assert.equal(points(allOrNothing(multiple), ["a"]), 0);
  assert.equal(points(allOrNothing(multiple), ["c", "a"]), 2);
  assert.equal(points(allOrNothing(multiple), ["a", "b", "c"]), 0);
});

test("each right gap counts", () => {
  assert.equal(points(gaps, { 1: " PARIS", 2: "５０ km/h" }), 2);
  assert.equal(points(gaps, { 1: "Paris" }), 1);
  assert.equal(points(gaps, { 2: "50,5" }), 1);
  assert.equal(points(gaps, { 1: "Lyon", 2: "fast" }), 0);
  assert.equal(points(allOrNothing(gaps), { 1: "Paris" }), 0);
  assert.equal(points(gaps, ["Paris", "50"]), 0);
});

test("each right pair counts", () => {
  assert.equal(points(matching, { a: "a", b: "b" }), 2);
  assert.equal(points(matching, { a: "a", b: "a" }), 1);
  assert.equal(points(matching, { a: "c" }), 0);
  assert.equal(points(allOrNothing(matching), { a: "a", b: "a" }), 0);
});

test("neighbours of an ordering count where they stand one behind the other", () => {
  assert.equal(points(ordering, ["a", "b", "c"]), 2);
  assert.equal(points(ordering, ["b", "c", "a"]), 1);
  assert.equal(points(ordering, ["c", "b", "a"]), 0);
  assert.equal(points(ordering, ["a", "b"]), 1);
  assert.equal(points(ordering, ["a", "b", "a", "b"]), 0);
  assert.equal(points(allOrNothing(ordering), ["b", "c", "a"]), 0);
  assert.equal(points(allOrNothing(ordering), ["a", "b", "c"]), 2);
});

test("a short text without accepted ones, an essay and a sound wait for a person", () => {
  assert.equal(points(text, " ＹＥＳ "), 2);
  assert.equal(points(text, "no"), 0);
  const open: Solution = { kind: "text", accepted: { texts: [] } };
  assert.equal(gradeAnswer(text.question, open, "because").by, "waits");
  assert.equal(gradeAnswer(essay.question, essay.solution, { typed: "Once" }).by, "waits");
  assert.equal(gradeAnswer(essay.question, essay.solution, { uploads: ["u1"] }).by, "waits");
  assert.equal(gradeAnswer(speaking.question, speaking.solution, { uploads: ["u1"] }).by, "waits");
});

test("nothing written is nothing to mark", () => {
  const open: Solution = { kind: "text", accepted: { texts: [] } };
  assert.equal(gradeAnswer(text.question, open, "  ").by, "rules");
  assert.equal(gradeAnswer(essay.question, essay.solution, { typed: " \n" }).by, "rules");
  assert.equal(gradeAnswer(essay.question, essay.solution, { uploads: [] }).by, "rules");
});

test("points of parts are rounded to hundredths", () => {
  const three = {
    question: { ...multiple.question, points: 1 },
    solution: { kind: "multiple", right: ["a", "b", "c"], scoring: "part" },
  };
  const score = gradeAnswer(three.question, three.solution as Solution, ["a", "b"]);
  assert.equal(score.points, 0.67);
});

test("any answer to any question has from 0 to all points", () => {
  const id = fc.constantFrom("a", "b", "c", "d", "1", "2", "__proto__", "constructor");
  const value: fc.Arbitrary<AnswerValue> = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    id,
    fc.array(id, { maxLength: 6 }),
    fc.dictionary(id, fc.oneof(id, fc.string())),
    fc.record({ typed: fc.string() }),
    fc.record({ uploads: fc.array(id) }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...EVERY_KIND), value, ({ question, solution }, answer) => {
      const score = gradeAnswer(question, solution, answer);
      assert.ok(score.points >= 0 && score.points <= 2);
      assert.equal(score.points, Math.round(score.points * 100) / 100);
    }),
  );
});

test("a sheet has the sum of its questions, and says what waits", () => {
  const answers: AnswerSheet = { q1: "b", q2: ["a"], q8: { typed: "Once" }, unknown: "b" };
  const score = gradeSheet(paperWith(EVERY_KIND), 1, answers);
  assert.equal(score.points, 3);
  assert.equal(score.of, 18);
  assert.equal(score.waiting, 1);
  assert.deepEqual(Object.keys(score.questions).sort(), ["q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9"]);
  assert.deepEqual(score.questions["q8"], { points: 0, of: 2, by: "waits" });
});

test("points of a person count in place of the rules', from 0 to all", () => {
  const score = gradeSheet(paperWith(EVERY_KIND), 1, { q1: "b", q8: { typed: "Once" } }, { q1: 0.5, q8: 7, q9: -1 });
  assert.deepEqual(score.questions["q1"], { points: 0.5, of: 2, by: "person" });
  assert.deepEqual(score.questions["q8"], { points: 2, of: 2, by: "person" });
  assert.deepEqual(score.questions["q9"], { points: 0, of: 2, by: "person" });
  assert.equal(score.waiting, 0);
});

test("only questions that the candidate was asked count", () => {
  const paper = paperWith(EVERY_KIND, { draw: 4 });
  for (let seed = 0; seed < 50; seed++) {
    const score = gradeSheet(paper, seed, { q1: "b", q3: true });
    assert.equal(score.of, 8);
    const asked = Object.keys(score.questions);
    assert.equal(asked.length, 4);
    assert.equal(score.points, 2 * asked.filter((id) => id === "q1" || id === "q3").length);
  }
});

test("the sum of hundredths has no rounding errors of floating point", () => {
  const questions = Array.from({ length: 30 }, (_, i): AuthoredQuestion => {
    const question = { ...multiple.question, id: `q${i}`, points: 1 };
    return { question, solution: { kind: "multiple", right: ["a", "b", "c"], scoring: "part" } };
  });
  const paper: AuthoredPaper = paperWith(questions);
  const answers = Object.fromEntries(questions.map(({ question }) => [question.id, ["a"]]));
  assert.equal(sheetGrader(paper)(1, answers).points, 9.9);
});
