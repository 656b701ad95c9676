/** What candidates get tells nothing of what is right. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPaper } from "./check-paper.ts";
import { gradeSheet } from "./grade-sheet.ts";
import { concealOrders, paperOf } from "./paper-of.ts";
import type { Question } from "./question.ts";
import { EVERY_KIND, paperWith } from "./test-paper.ts";

test("a paper has the questions, and no solution, rubric or explanation", () => {
  const paper = paperOf(paperWith(EVERY_KIND));
  assert.deepEqual(
    paper.sections[0]?.questions,
    EVERY_KIND.map(({ question }) => question),
  );
  const json = JSON.stringify(paper);
  for (const word of ["solution", 'right":"', "Secret", "Because", "explanation", "accepted", "pairs", "scoring"])
    assert.ok(!json.includes(word), word);
});

test("concealed orders and ids say nothing, and the right answers stay right", () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const concealed = concealOrders(paperWith(EVERY_KIND), seed);
    assert.deepEqual(checkPaper(concealed), []);
    const [, , , , matching, ordering] = concealed.sections[0]!.questions;
    assert.ok(matching?.solution.kind === "matching" && ordering?.solution.kind === "ordering");
    orders.add(`${textsOf(ordering.question)} ${ordering.solution.order}`);
    const score = gradeSheet(concealed, 1, { q5: matching.solution.pairs, q6: ordering.solution.order });
    assert.equal(score.points, 4);
    assert.deepEqual(ordering.question.kind === "ordering" && ordering.question.items.map(({ id }) => id), ["1", "2", "3"]);
  }
  assert.equal(orders.size, 6);
});

test("right sides that are not shuffled keep their order", () => {
  const given = paperWith(EVERY_KIND, { areOptionsShuffled: false });
  assert.deepEqual(concealOrders(given, 5).sections[0]?.questions[4], EVERY_KIND[4]);
});

function textsOf(question: Question): string {
  return question.kind === "ordering" ? question.items.map(({ text }) => text).join() : "";
}
